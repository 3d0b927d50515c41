// The head's side of a cluster: orders go out, answers come in, and what the cluster loses is tried
// elsewhere. One thread owns it. It keeps nothing of its own: orders, lists and answers lie in the
// shared store, and jobs are found again by what they were ordered to do.
import AtelierStep
import CSystem
import Clusters
import Content
import Execution
import FileTools
import LocalStores
import RemoteCache
import RemoteSteps
import StoreFolder
import Subprocess
import Workers

/// The steps that a cluster works on for this run.
struct ClusterHead {
  private let queue: ClusterQueue
  private let sender: OrderSender
  private let logs: LogCopies
  private let shared: SharedStore
  private let environment: EngineEnvironment
  private let settings: ClusterSettings
  private let report: @Sendable (RunEvent) -> Void
  private let program: String

  private var driver: any ClusterDriver { queue.driver }
  private var store: any JobStore { queue.store }

  /// Why steps could not run, where that was not their own fault.
  private(set) var fault: EngineFault?

  private var open: [ActionKey: OpenStep] = [:]
  /// Steps that are tried again after a while.
  private var delayed: [WaitingStep] = []
  /// Batches whose lists were read: the steps of their tasks.
  private var lists: [String: TaskList] = [:]
  private var clock: PollClock
  private var nextPoll = 0.0
  /// To list answers costs less than a query.
  private var nextLook = 0.0
  private static let lookInterval = 0.5
  private var longest: Int?
  private var said: Set<String> = []
  private var answers = AnswerReader()

  init(
    driver: any ClusterDriver, store: any JobStore, shared: SharedStore,
    environment: EngineEnvironment, settings: ClusterSettings,
    report: @escaping @Sendable (RunEvent) -> Void
  ) throws {
    queue = try ClusterQueue(driver: driver, store: store)
    sender = OrderSender(shared: shared, store: store, environment: environment)
    logs = LogCopies(store: store, own: environment.logs)
    self.shared = shared
    self.environment = environment
    self.settings = settings
    self.report = report
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
        try sender.send(step.action)
        ready.append(step)
      } catch let lost as LostBlobs {
        step.done(EndedStep(.lost(lost)))
      } catch {
        step.done(EndedStep(.failed(ErrorText.of(error), warnings: [])))
      }
    }
    guard !ready.isEmpty else { return }
    do {
      let longest = try longestArray()
      let live = try live()
      let others = ready.filter { !adopt($0, live) }
      let taken = ready.count - others.count
      if taken > 0 {
        say("took over \(taken) \(taken == 1 ? "step" : "steps") that \(driver.name) has already")
      }
      let arrays = StepGroups.arrays(
        others, groupSeconds: settings.groupSeconds, longest: longest)
      for array in arrays { submit(array) }
    } catch {
      refuse(ready, error)
    }
  }

  private mutating func submit(_ array: StepArray) {
    let list = TaskList(
      tasks: array.tasks.map { $0.map(\.action.key) }, lifetime: settings.milliseconds,
      logLimit: environment.logLimit)
    do {
      let (batch, job) = try queue.submit(
        list, program: program, resources: array.resources, excluded: array.excluded,
        mostRunning: settings.mostRunning)
      lists[batch] = list
      for (index, task) in array.tasks.enumerated() {
        for step in task {
          follow(step, .init(job: job, index: index), batch, memory: array.resources.memory)
        }
      }
    } catch {
      refuse(array.tasks.flatMap(\.self), error)
    }
  }

  private mutating func follow(
    _ step: WaitingStep, _ task: ClusterTask.ID, _ batch: String, memory: Int?
  ) {
    open[step.action.key] = OpenStep(step: step, task: task, batch: batch, memory: memory)
    if nextPoll < now { nextPoll = now + clock.interval }
  }

  /// What the cluster did not take is offered again, or fails.
  private mutating func refuse(_ steps: [WaitingStep], _ error: any Error) {
    guard let failure = error as? ClusterFailure else {
      for step in steps { step.done(EndedStep(.failed(ErrorText.of(error), warnings: []))) }
      return
    }
    if failure.kind == .impossible {
      if !steps.isEmpty { fault = .settings }
      for step in steps { step.done(EndedStep(.failed("\(driver.name): \(error)", warnings: []))) }
      return
    }
    // It may have been taken all the same: the next try looks for it first.
    for var step in steps {
      step.after = now + max(1, settings.lifetime / 12)
      delayed.append(step)
    }
    if !steps.isEmpty {
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

  private mutating func longestArray() throws(ClusterFailure) -> Int {
    if let longest { return longest }
    let found = try driver.limits().longestArray
    longest = found
    return found
  }

  // MARK: - Taking over

  /// By key, the tasks of this store that wait or run, whoever submitted them.
  private mutating func live() throws(ClusterFailure) -> [ActionKey: ClusterTask] {
    var live: [ActionKey: ClusterTask] = [:]
    for task in try queue.tasks() where !task.hasEnded {
      guard let list = list(of: task.batch), list.tasks.indices.contains(task.id.index) else {
        continue
      }
      for key in list.tasks[task.id.index] { live[key] = task }
    }
    return live
  }

  private mutating func list(of batch: String) -> TaskList? {
    if lists[batch] == nil { lists[batch] = queue.list(of: batch) }
    return lists[batch]
  }

  /// Follows a task that is to run the step anyhow; false where there is none.
  private mutating func adopt(_ step: WaitingStep, _ live: [ActionKey: ClusterTask]) -> Bool {
    guard let task = live[step.action.key], open[step.action.key] == nil,
      !step.avoided.contains(task.node)
    else { return false }
    follow(step, task.id, task.batch, memory: step.resources.memory)
    return true
  }

  // MARK: - In

  /// Reads the answers that came, and asks the cluster once for all tasks where it is time to.
  mutating func poll() {
    if !open.isEmpty, now >= nextLook {
      if take(answers.new(of: Set(open.values.map(\.batch)), in: store)) {
        nextPoll = min(nextPoll, now + 1)
      }
      nextLook = now + Self.lookInterval
    }
    guard !open.isEmpty, now >= nextPoll else { return }
    let began = now
    var tasks: [ClusterTask.ID: ClusterTask]?
    do {
      tasks = Dictionary(
        try queue.tasks().map { ($0.id, $0) }, uniquingKeysWith: { $1 })
      said.remove("query")
    } catch {
      // Nothing is known, so nothing changes.
      if said.insert("query").inserted {
        say("\(driver.name) does not answer, the run waits for it: \(error)")
      }
    }
    let took = now - began
    var hasNews = take(answers.new(of: Set(open.values.map(\.batch)), in: store))
    if let tasks { hasNews = judge(tasks) || hasNews }
    clock.note(seconds: took, hasNews: hasNews)
    nextPoll = now + clock.interval
  }

  private mutating func take(_ answers: [StepAnswer]) -> Bool {
    var hasNews = false
    for answer in answers {
      guard let own = open[answer.key] else { continue }
      // Results count whoever made them; a failure only as the answer of the task that is followed.
      guard answer.job == own.task.description || answer.result != nil else { continue }
      hasNews = true
      var facts = own.facts(nil, now: now)
      facts.answer = answer
      carryOut(.of(facts, settings), answer.key, answer)
    }
    return hasNews
  }

  /// Judges every step that has no answer by what the cluster says of its task.
  private mutating func judge(_ tasks: [ClusterTask.ID: ClusterTask]) -> Bool {
    var hasNews = false
    // Of what is listed no more, accounting may know how it ended.
    let due = Set(
      open.values.filter { own in
        tasks[own.task] == nil && own.ended.map { now - $0 >= settings.patience } ?? false
      }.map(\.task))
    let ends = due.isEmpty ? [:] : driver.ends(of: Array(due))
    for (key, var own) in open {
      let state = tasks[own.task]?.state ?? ends[own.task].map { .ended($0, node: own.node) }
      if own.see(state, now: now) {
        hasNews = true
        report(
          .placed(name: own.step.action.name, job: own.task.description, node: own.node))
      }
      if case .running? = state { hear(of: key, &own) }
      open[key] = own
      let verdict = StepVerdict.of(own.facts(state, now: now), settings)
      if verdict != .wait { hasNews = true }
      carryOut(verdict, key, nil)
    }
    return hasNews
  }

  /// Notes a sign of life: the lease of the step, or that of the one before it in its task, was renewed.
  private mutating func hear(of key: ActionKey, _ own: inout OpenStep) {
    let keys = lists[own.batch]?.tasks[own.task.index] ?? [key]
    for other in keys where open[other] != nil || other == key {
      guard let sign = try? store.sign(of: other) else { continue }
      own.hear(sign, now: now)
      if other == key, let progress = sign.work?.progress {
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
    case .exhausted(let text), .failed(let text):
      if case .exhausted = verdict { fault = fault ?? .cluster }
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
        fault = .settings
        end(own, .failed(text, warnings: []), answer)
      case .giveUp(let text):
        fault = fault ?? .cluster
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
    logs.copy(answer.key)
    switch answer.status {
    case .built: end(own, .built(result, warnings: answer.warnings, isCached: true), answer)
    default: end(own, .shared(result), answer)
    }
  }

  private mutating func end(_ own: OpenStep, _ outcome: ActionOutcome, _ answer: StepAnswer?) {
    open[own.step.action.key] = nil
    if case .failed = outcome { logs.copy(own.step.action.key) }
    own.step.done(
      EndedStep(
        outcome, seconds: answer?.seconds ?? 0,
        site: StepSite(
          engine: driver.name, job: answer?.job ?? own.task.description,
          node: answer?.node ?? own.node,
          instance: driver.machine(for: own.step.resources))))
  }

  /// A job that gave no answer may have printed why.
  private func withOutput(_ text: String, _ own: OpenStep, _ answer: StepAnswer?) -> String {
    guard answer == nil, let lines = queue.lastLines(5, of: own.task, batch: own.batch) else {
      return text
    }
    return "\(text); the job printed: \(lines)"
  }

  // MARK: - End

  /// Takes back what has not begun.
  mutating func drop() {
    let tasks = (try? queue.tasks()) ?? []
    let waiting = Set(
      tasks.filter { if case .waiting = $0.state { true } else { false } }.map(\.id))
    let steps = open.values.filter { waiting.contains($0.task) }
    try? driver.cancel(Array(Set(steps.map(\.task))))
    for own in steps { end(own, .cancelled, nil) }
    endDelayed()
  }

  /// Cancels everything, and says what the cluster still has.
  mutating func cancel() {
    let tasks = Set(open.values.map(\.task))
    do {
      try driver.cancel(tasks.sorted { ($0.job, $0.index) < ($1.job, $1.index) })
      let left = try queue.tasks().count { !$0.hasEnded && tasks.contains($0.id) }
      if left > 0 { say("\(left) of \(tasks.count) tasks still end on \(driver.name)") }
    } catch {
      let jobs = Set(tasks.map(\.job)).sorted().joined(separator: " ")
      say(
        "\(driver.name) did not take the cancellation (\(error)); type: \(driver.cancelling) \(jobs)"
      )
    }
    for own in open.values { own.step.done(EndedStep(.cancelled)) }
    open = [:]
    endDelayed()
  }

  private mutating func endDelayed() {
    for step in delayed { step.done(EndedStep(.cancelled)) }
    delayed = []
  }

  private func say(_ text: String) { report(.notice(text)) }

  private mutating func sayOnce(_ text: String) { if said.insert(text).inserted { say(text) } }
}
