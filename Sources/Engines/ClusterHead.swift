// The head's side of a cluster: orders go out, answers come in, and what the cluster loses is tried
// elsewhere. One thread owns it. It keeps nothing of its own: orders, lists and answers lie in the
// shared store, and jobs are found again by what they were ordered to do.
import AtelierStep
import CSystem
import Clusters
import Content
import Execution
import FileTools
import FolderStores
import LocalStores
import RemoteCache
import RemoteSteps
import StoreFolder
import Subprocess
import Workers

/// The steps that a cluster works on for this run.
struct ClusterHead {
  /// A step that a task of the cluster is to run.
  private struct OpenStep {
    var step: WaitingStep
    var task: ClusterTask.ID
    var batch: String
    var memory: Int?
    /// When its task was first seen to have ended, or not to be listed.
    var ended: Double?
    /// When it was first seen to run, or was last heard of.
    var heard: Double?
    var lease = ""
    var node = ""
    /// What the last query said of its task.
    var last: ClusterTask.State?
  }

  private let driver: any ClusterDriver
  private let store: FolderStore
  private let shared: SharedStore
  private let environment: EngineEnvironment
  private let settings: ClusterSettings
  private let token: CancellationToken
  private let report: @Sendable (RunEvent) -> Void
  private let prefix: String
  private let program: String

  /// Why steps could not run, where that was not their own fault.
  private(set) var fault: EngineFault?

  private var open: [ActionKey: OpenStep] = [:]
  /// Steps that are tried again after a while.
  private var delayed: [WaitingStep] = []
  /// Batches whose lists were read: the steps of their tasks.
  private var lists: [String: TaskList] = [:]
  private var clock: PollClock
  private var nextPoll = 0.0
  /// Answers lie in folders, which cost less to look at than the cluster.
  private var nextLook = 0.0
  private static let lookInterval = 0.5
  private var longest = 1000
  private var knowsLimits = false
  private var said: Set<String> = []
  /// Answers that were read, by name.
  private var seen: Set<String> = []

  init(
    driver: any ClusterDriver, store: FolderStore, shared: SharedStore,
    environment: EngineEnvironment, settings: ClusterSettings, token: CancellationToken,
    report: @escaping @Sendable (RunEvent) -> Void
  ) throws {
    self.driver = driver
    self.store = store
    self.shared = shared
    self.environment = environment
    self.settings = settings
    self.token = token
    self.report = report
    prefix = try BatchName.prefix(of: store)
    program = try store.install(program: environment.workerPath)
    clock = PollClock(settings)
  }

  private var now: Double { Double(cs_monotonic()) / 1e9 }

  var isIdle: Bool { open.isEmpty && delayed.isEmpty }

  /// Seconds until there is something to do without anything new.
  var rest: Double {
    if isIdle { return 1 }
    let due = open.isEmpty ? nil : min(nextPoll, nextLook)
    return max(0, min(due ?? .infinity, delayed.map(\.after).min() ?? .infinity) - now)
  }

  // MARK: - Out

  /// Hands steps to the cluster; what runs or waits there already is taken over.
  mutating func submit(_ steps: [WaitingStep]) {
    var ready: [WaitingStep] = []
    for step in steps {
      do {
        for artifact in step.action.inputs.values { try upload(artifact) }
        try store.write(
          StepOrder(step.action).bytes(), notice: NoticeName.order(step.action.key))
        ready.append(step)
      } catch let lost as LostBlobs {
        step.done(EndedStep(.lost(lost)))
      } catch {
        step.done(EndedStep(.failed(ErrorText.of(error), warnings: [])))
      }
    }
    guard !ready.isEmpty else { return }
    do {
      try learnLimits()
      let live = try live()
      let others = ready.filter { !adopt($0, live) }
      let taken = ready.count - others.count
      if taken > 0 {
        say("took over \(taken) \(taken == 1 ? "step" : "steps") that \(driver.name) has already")
      }
      ready = others
      while !ready.isEmpty {
        let arrays = StepGroups.arrays(
          ready, groupSeconds: settings.groupSeconds, longest: longest)
        ready = []
        for array in arrays { try submit(array) }
      }
    } catch {
      refuse(ready, error)
    }
  }

  private mutating func submit(_ array: StepArray) throws(ClusterFailure) {
    let steps = array.tasks.flatMap(\.self)
    let batch: String
    do {
      let list = TaskList(
        tasks: array.tasks.map { $0.map(\.action.key) }, lifetime: Int64(settings.lifetime * 1000),
        logLimit: environment.logLimit)
      let bytes = try list.bytes()
      batch = prefix + (try Digest.of(bytes).hex.prefix(12))
      try store.write(bytes, notice: NoticeName.batch(batch))
      lists[batch] = list
    } catch {
      for step in steps { step.done(EndedStep(.failed(ErrorText.of(error), warnings: []))) }
      return
    }
    let (program, root) = (self.program, store.name)
    let job: String
    do {
      job = try driver.submit(
        ClusterBatch(
          name: batch, count: array.tasks.count, resources: array.resources,
          excluded: array.excluded, mostRunning: settings.mostRunning,
          output: store.path(NoticeName.jobs),
          command: { index in
            "\(ShellWord.quoted(program)) step \(ShellWord.quoted(root)) \(batch) \(index)"
          }))
    } catch {
      refuse(steps, error)
      return
    }
    for (index, task) in array.tasks.enumerated() {
      for step in task {
        open[step.action.key] = OpenStep(
          step: step, task: .init(job: job, index: index), batch: batch,
          memory: array.resources.memory)
      }
    }
    if nextPoll < now { nextPoll = now + clock.interval }
  }

  /// What the cluster did not take is offered again, or fails.
  private mutating func refuse(_ steps: [WaitingStep], _ error: any Error) {
    let failure = error as? ClusterFailure
    for step in steps {
      guard let failure, failure.kind != .impossible else {
        fault = failure == nil ? .cluster : .settings
        step.done(EndedStep(.failed("\(driver.name): \(error)", warnings: [])))
        continue
      }
      // It may have been taken all the same: the next try looks for it first.
      var step = step
      step.after = now + max(1, settings.lifetime / 12)
      delayed.append(step)
    }
    if let failure, failure.kind != .impossible, !steps.isEmpty {
      sayOnce("\(driver.name) took nothing for now, it is asked again: \(failure)")
    }
  }

  /// What is due to be tried again.
  mutating func takeDelayed() -> [WaitingStep] {
    let moment = now
    let due = delayed.filter { $0.after <= moment }
    if !due.isEmpty { delayed.removeAll { $0.after <= moment } }
    return due
  }

  private func upload(_ artifact: KnownArtifact) throws {
    try environment.importExternal(artifact)
    if let origin = artifact.origin { try environment.sources.fetch(origin) }
    do {
      try shared.send(artifact.record)
    } catch let error as StoreError {
      throw LostBlobs(digests: [artifact.record.digest], reason: "\(error)")
    }
  }

  private mutating func learnLimits() throws(ClusterFailure) {
    guard !knowsLimits else { return }
    longest = try driver.limits().longestArray
    knowsLimits = true
  }

  // MARK: - Taking over

  /// By key, the tasks of this store that wait or run, whoever submitted them.
  private mutating func live() throws(ClusterFailure) -> [ActionKey: ClusterTask] {
    var live: [ActionKey: ClusterTask] = [:]
    for task in try driver.tasks(named: prefix) {
      if case .ended = task.state { continue }
      guard let list = list(of: task.batch), list.tasks.indices.contains(task.id.index) else {
        continue
      }
      for key in list.tasks[task.id.index] { live[key] = task }
    }
    return live
  }

  private mutating func list(of batch: String) -> TaskList? {
    if let list = lists[batch] { return list }
    guard let bytes = try? store.notice(NoticeName.batch(batch)), let list = TaskList(bytes: bytes)
    else { return nil }
    lists[batch] = list
    return list
  }

  /// Follows a task that is to run the step anyhow; false where there is none.
  private mutating func adopt(_ step: WaitingStep, _ live: [ActionKey: ClusterTask]) -> Bool {
    guard let task = live[step.action.key], open[step.action.key] == nil,
      !step.avoided.contains(Self.node(of: task))
    else { return false }
    open[step.action.key] = OpenStep(
      step: step, task: task.id, batch: task.batch, memory: step.resources.memory)
    if nextPoll < now { nextPoll = now + clock.interval }
    return true
  }

  private static func node(of task: ClusterTask) -> String {
    switch task.state {
    case .running(let node), .ended(_, let node): node
    case .waiting: ""
    }
  }

  // MARK: - In

  /// Reads the answers that came, and asks the cluster once for all tasks where it is time to.
  mutating func poll() {
    if !open.isEmpty, now >= nextLook {
      if take(answers()) { nextPoll = min(nextPoll, now + 1) }
      nextLook = now + Self.lookInterval
    }
    guard !open.isEmpty, now >= nextPoll else { return }
    let began = now
    var tasks: [ClusterTask.ID: ClusterTask]?
    do {
      tasks = Dictionary(
        try driver.tasks(named: prefix).map { ($0.id, $0) }, uniquingKeysWith: { $1 })
      said.remove("query")
    } catch {
      // Nothing is known, so nothing changes.
      if said.insert("query").inserted {
        say("\(driver.name) does not answer, the run waits for it: \(error)")
      }
    }
    let took = now - began
    var hasNews = take(answers())
    if let tasks { hasNews = judge(tasks) || hasNews }
    clock.note(seconds: took, hasNews: hasNews)
    nextPoll = now + clock.interval
  }

  /// New answers of tasks that this run follows.
  private mutating func answers() -> [StepAnswer] {
    var answers: [StepAnswer] = []
    for batch in Set(open.values.map(\.batch)).sorted() {
      let folder = NoticeName.answers(batch)
      for name in (try? store.notices(in: folder)) ?? [] {
        let full = "\(folder)/\(name)"
        guard !seen.contains(full), let bytes = try? store.notice(full) else { continue }
        seen.insert(full)
        if let answer = StepAnswer(bytes: bytes) { answers.append(answer) }
      }
    }
    return answers
  }

  private mutating func take(_ answers: [StepAnswer]) -> Bool {
    var hasNews = false
    for answer in answers {
      guard let own = open[answer.key] else { continue }
      // Results count whoever made them; a failure only as the answer of the task that is followed.
      let isOwn = answer.job == "\(own.task.job)_\(own.task.index)"
      guard isOwn || answer.result != nil else { continue }
      hasNews = true
      var facts = facts(own)
      facts.answer = answer
      carryOut(.of(facts, settings), answer.key, answer)
    }
    return hasNews
  }

  private func facts(_ own: OpenStep) -> StepFacts {
    StepFacts(
      attempts: own.step.attempts,
      canGrow: own.step.action.step.limits.mayGrow && own.step.growth == 1, memory: own.memory)
  }

  /// Judges every step that has no answer by what the cluster says of its task.
  private mutating func judge(_ tasks: [ClusterTask.ID: ClusterTask]) -> Bool {
    var hasNews = false
    // Of what is listed no more, accounting may know how it ended.
    let vanished = Set(open.values.map(\.task)).filter { tasks[$0] == nil }
    let due = vanished.filter { id in
      open.values.contains { $0.task == id && now - ($0.ended ?? now) >= settings.patience }
    }
    let ends = due.isEmpty ? [:] : driver.ends(of: Array(due))
    for (key, var own) in open {
      let state = tasks[own.task]?.state ?? ends[own.task].map { .ended($0, node: own.node) }
      switch state {
      case .running(let node)?:
        if own.node != node {
          hasNews = true
          report(.placed(name: own.step.action.name, job: Self.job(own.task), node: node))
        }
        own.node = node
        own.ended = nil
        hear(of: key, &own)
      case .waiting?:
        // Also after it ran: the cluster starts it again by itself.
        (own.ended, own.heard) = (nil, nil)
      case .ended(_, let node)?:
        if own.node.isEmpty { own.node = node }
        own.ended = own.ended ?? now
      case nil: own.ended = own.ended ?? now
      }
      own.last = state
      open[key] = own
      var facts = facts(own)
      facts.state = state
      facts.endedFor = own.ended.map { now - $0 } ?? 0
      facts.silentFor = own.heard.map { now - $0 } ?? 0
      let verdict = StepVerdict.of(facts, settings)
      if verdict != .wait { hasNews = true }
      carryOut(verdict, key, nil)
    }
    return hasNews
  }

  /// Notes a sign of life: the lease of the step, or that of the one before it in its task, was renewed.
  private mutating func hear(of key: ActionKey, _ own: inout OpenStep) {
    if own.heard == nil { own.heard = now }
    let keys = lists[own.batch]?.tasks[own.task.index] ?? [key]
    for other in keys where open[other] != nil || other == key {
      guard let sign = try? store.sign(of: other) else { continue }
      if sign.lease.tag != own.lease {
        own.lease = sign.lease.tag
        own.heard = now
      }
      if other == key, let progress = sign.progress {
        report(.progress(name: own.step.action.name, fraction: progress))
      }
      return
    }
  }

  private mutating func carryOut(_ verdict: StepVerdict, _ key: ActionKey, _ answer: StepAnswer?) {
    guard let own = open[key] else { return }
    switch verdict {
    case .wait: return
    case .done: if let answer { finish(own, answer) }
    case .lost:
      end(
        own, .lost(LostBlobs(digests: Set(answer?.lost ?? []), reason: answer?.text ?? "")), answer)
    case .exhausted(let text):
      fault = fault ?? .cluster
      end(own, .failed(withOutput(text, own, answer), warnings: answer?.warnings ?? []), answer)
    case .failed(let text):
      end(own, .failed(withOutput(text, own, answer), warnings: answer?.warnings ?? []), answer)
    case .again(let reason, let node): again(own, reason, node)
    case .grow:
      open[key] = nil
      var step = own.step
      step.growth *= 2
      say("\(step.action.name) ran out of memory and is tried with twice as much")
      delayed.append(step)
    case .cancel(let then):
      try? driver.cancel([own.task])
      switch then {
      case .fail(let text):
        if case .some(.waiting) = own.last { fault = .settings } else { fault = fault ?? .cluster }
        end(own, .failed(text, warnings: []), answer)
      case .again(let reason, let node): again(own, reason, node)
      }
    }
  }

  private mutating func again(_ own: OpenStep, _ reason: String, _ node: String?) {
    var step = own.step
    open[step.action.key] = nil
    step.attempts += 1
    if let node { step.avoided.insert(node) }
    step.after = now + settings.backoff(step.attempts)
    say("\(step.action.name) is tried again: \(reason)")
    delayed.append(step)
  }

  private mutating func finish(_ own: OpenStep, _ answer: StepAnswer) {
    guard let result = answer.result else { return }
    do {
      try shared.adopt(result)
    } catch {
      return end(own, .failed(ErrorText.of(error), warnings: []), answer)
    }
    copyLog(of: answer.key)
    switch answer.status {
    case .built: end(own, .built(result, warnings: answer.warnings, isCached: true), answer)
    default: end(own, .shared(result), answer)
    }
  }

  private mutating func end(_ own: OpenStep, _ outcome: ActionOutcome, _ answer: StepAnswer?) {
    open[own.step.action.key] = nil
    if case .failed = outcome { copyLog(of: own.step.action.key) }
    own.step.done(
      EndedStep(
        outcome, seconds: answer?.seconds ?? 0,
        site: StepSite(
          engine: driver.name, job: answer?.job ?? Self.job(own.task),
          node: answer?.node ?? own.node)))
  }

  private static func job(_ task: ClusterTask.ID) -> String { "\(task.job)_\(task.index)" }

  /// A job that gave no answer may have printed why.
  private func withOutput(_ text: String, _ own: OpenStep, _ answer: StepAnswer?) -> String {
    guard answer == nil else { return text }
    let name = "\(NoticeName.jobs)/\(own.batch).\(own.task.index).\(own.task.job)"
    let bytes = ((try? store.notice(name)) ?? nil) ?? []
    let lines = String(decoding: bytes.suffix(4096), as: UTF8.self).split(separator: "\n").suffix(5)
    return lines.isEmpty ? text : text + "; the job printed: " + lines.joined(separator: "; ")
  }

  private func copyLog(of key: ActionKey) {
    let (from, to) = (store.logs.log(key), environment.logs.log(key))
    guard from != to, (try? FileStatus(from, followingLinks: true)) != nil else { return }
    try? Disk.makeFolders(Disk.parent(of: to))
    try? Disk.remove(to)
    try? Disk.copy(from, to: to, mode: 0o666, masked: true)
  }

  // MARK: - End

  /// Takes back what has not begun.
  mutating func drop() {
    let states = Dictionary(
      ((try? driver.tasks(named: prefix)) ?? []).map { ($0.id, $0.state) }, uniquingKeysWith: { $1 }
    )
    let waiting = open.values.filter { own in
      if case .waiting? = states[own.task] { true } else { false }
    }
    try? driver.cancel(Array(Set(waiting.map(\.task))))
    for own in waiting { end(own, .cancelled, nil) }
    for step in delayed { step.done(EndedStep(.cancelled)) }
    delayed = []
  }

  /// Cancels everything, and says what the cluster still has.
  mutating func cancel() {
    let tasks = Set(open.values.map(\.task))
    do {
      try driver.cancel(tasks.sorted { ($0.job, $0.index) < ($1.job, $1.index) })
      let left = try driver.tasks(named: prefix).filter { task in
        if case .ended = task.state { false } else { tasks.contains(task.id) }
      }
      if !left.isEmpty {
        say("\(left.count) of \(tasks.count) tasks still end on \(driver.name)")
      }
    } catch {
      let jobs = Set(tasks.map(\.job)).sorted().joined(separator: " ")
      say("\(driver.name) did not take the cancellation (\(error)); type: scancel \(jobs)")
    }
    for own in open.values { own.step.done(EndedStep(.cancelled)) }
    for step in delayed { step.done(EndedStep(.cancelled)) }
    (open, delayed) = ([:], [])
  }

  private func say(_ text: String) { report(.notice(text)) }

  private mutating func sayOnce(_ text: String) { if said.insert(text).inserted { say(text) } }
}
