// The job's side: the steps of one task, on the node that the engine gave it.
// It never reads config.ini and never wires a workshop; what it is to run lies in the shared store.
import AtelierStep
import CSystem
import Content
import Execution
import FileTools
import LocalStores
import Programs
import RemoteCache
import StoreFolder
import Subprocess
import Synchronization
import Workers

/// Why this machine cannot do what it was started for.
package struct UnfitNode: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

/// One start of one task.
package struct TaskRun {
  private let shared: any JobStore
  private let batch: String
  private let index: Int
  private let place: NodePlace
  private let catalogue: StepCatalogue
  private let token: CancellationToken
  /// Finds a program that is not where the head has it, as in an image; its bytes decide.
  private let locate: (@Sendable (Program) throws -> String)?

  /// Throws `UnfitNode` where this machine lacks what every task needs.
  package init(
    shared: any JobStore, batch: String, index: Int, place: NodePlace, catalogue: StepCatalogue,
    locate: (@Sendable (Program) throws -> String)? = nil, token: CancellationToken
  ) {
    self.shared = shared
    self.locate = locate
    self.batch = batch
    self.index = index
    self.place = place
    self.catalogue = catalogue
    self.token = token
  }

  /// Runs the steps of the task, each with an answer of its own.
  package func run() throws {
    guard let bytes = try shared.notice(NoticeName.batch(batch)) else {
      throw UnfitNode(
        "\(place.node) finds no list of the batch \(batch) in \(shared.name): it is not the store "
          + "that the run shares, or not visible here")
    }
    guard let list = TaskList(bytes: bytes), list.tasks.indices.contains(index) else {
      throw UnfitNode(
        "the list of the batch \(batch) in \(shared.name) has no task \(index) or cannot be read: it was "
          + "cut short, or is of another version of atelier")
    }
    if list.tasks[index].isEmpty { return try tellSight() }
    let local = try LocalStore.open(root: place.scratch, readOnly: false)
    defer { try? local.close() }
    let progress = Mutex<[ActionKey: Double]>([:])
    let place = self.place
    let store = try SharedStore(
      local: local, remote: shared, mode: .readWrite, host: "\(place.host) \(place.job)",
      isRequired: true, leaseTimes: LeaseTimes(lifetime: list.lifetime),
      work: { key in
        LeasedWork(
          job: place.job, node: place.node, progress: progress.withLock { $0[key] })
      })
    defer { store.endLeases() }
    for key in list.tasks[index] where !token.isCancelled {
      let began = token.seconds
      let found: StepAnswer?
      do {
        found = try answer(key, local, store, list) { fraction in
          progress.withLock { $0[key] = fraction }
        }
      } catch {
        // Said at once where it can be: who waits would wait for a long time.
        found = made(key, .refused, nil, ErrorText.of(error))
      }
      if token.isCancelled { return }
      guard var answer = found else { return }
      answer.seconds = answer.result?.seconds ?? token.seconds - began
      try shared.write(
        answer.bytes(),
        notice: NoticeName.answer(
          batch, key, index: index, job: place.job, restart: place.restart))
    }
  }

  /// What becomes of one step; nil where the run was cancelled.
  private func answer(
    _ key: ActionKey, _ local: LocalStore, _ store: SharedStore, _ list: TaskList,
    progress: @escaping @Sendable (Double) -> Void
  ) throws -> StepAnswer? {
    func made(
      _ status: StepAnswer.Status, _ result: ActionResult? = nil, _ text: String = "",
      _ warnings: [String] = [], lost: [Digest] = []
    ) -> StepAnswer {
      self.made(key, status, result, text, warnings, lost: lost)
    }
    guard let bytes = try shared.notice(NoticeName.order(key)) else {
      return made(.refused, nil, "no order of the step in \(shared.name)")
    }
    let order: StepOrder
    let action: Action
    let environment: EngineEnvironment
    do {
      order = try StepOrder(bytes: bytes)
      environment = self.environment(local, store, order, list)
      action = try order.action(Resolver(environment: environment))
    } catch {
      return made(.refused, nil, "\(error)")
    }
    guard action.key == key else {
      return made(
        .refused, nil, "the order is of another step, \(action.key.digest.hex.prefix(12))")
    }
    if case .hit(let result) = try Resolver(environment: environment).lookup(key) {
      return made(.hit, result)
    }
    let kills = MemoryKills.count()
    let runner = try ActionRunner(
      environment: environment,
      runID: local.runs.nextID(now: Timestamp(secondsSince1970: environment.clock())),
      token: token, cache: .rw, willRun: { try noteStart($0) },
      report: { event in
        if case .progress(_, let fraction) = event { progress(fraction) }
      })
    let outcome = runner.execute(action)
    try runner.drain()
    try? sendLog(key, environment)
    if token.isCancelled { return nil }
    // Of other jobs of this node more may wait.
    _ = try store.drain(isCancelled: { token.isCancelled })
    if store.isWaiting(key) {
      throw UnfitNode("\(place.node) cannot write results to \(shared.name)")
    }
    switch outcome {
    case .built(let result, let warnings, _):
      if let lost = store.conflicts.first(where: { $0.ours.key == key }) {
        return made(.second, lost.theirs, "", warnings)
      }
      return made(.built, result, "", warnings)
    case .shared(let result): return made(.hit, result)
    case .failed(let text, let warnings):
      // The step's own words are then of a program that was killed.
      let isShort = MemoryKills.count() > kills
      return made(isShort ? .memory : .failed, nil, text, warnings)
    case .lost(let lost):
      return made(.lost, nil, lost.reason, lost: lost.digests.sorted { $0.hex < $1.hex })
    case .cancelled: return nil
    }
  }

  private func made(
    _ key: ActionKey, _ status: StepAnswer.Status, _ result: ActionResult?, _ text: String,
    _ warnings: [String] = [], lost: [Digest] = []
  ) -> StepAnswer {
    StepAnswer(
      key: key, status: status, result: result, text: text, warnings: warnings, lost: lost,
      seconds: 0, node: place.node, job: place.job)
  }

  private func environment(
    _ local: LocalStore, _ store: SharedStore, _ order: StepOrder, _ list: TaskList
  ) -> EngineEnvironment {
    let node = place.node
    return EngineEnvironment(
      store: local, shared: store,
      programs: ProgramTable(
        locate: { program in
          guard let path = order.programs[program.name],
            try FileStatus(path, followingLinks: true)?.kind == .file
          else {
            if let locate { return try locate(program) }
            throw MissingProgram(
              name: program.name, looked: [order.programs[program.name] ?? "nothing"],
              advice: "It is on the machine that runs the pipeline and not on \(node).")
          }
          return path
        }, digest: { try local.memo.digest(ofFile: $0) }, loads: ProgramLoads(index: local.index)),
      projectRoot: "/", workerPath: place.program, catalogue: catalogue, host: place.host,
      clock: { Double(cs_wall_clock()) / 1e9 }, logLimit: list.logLimit, logs: shared.logs)
  }

  /// Brings the log to where the head finds it, if the store has no folder for it.
  private func sendLog(_ key: ActionKey, _ environment: EngineEnvironment) throws {
    guard shared.logs == nil, let bytes = try Disk.read(environment.logs.log(key), first: 1 << 20)
    else { return }
    try shared.write(bytes, notice: NoticeName.log(key))
  }

  /// Says what this node is like, to whom asks for nothing else.
  private func tellSight() throws {
    let sight = NodeSight(
      node: place.node, clock: Double(cs_wall_clock()) / 1e9, isConfined: Sandbox.isAvailable)
    try shared.write(
      sight.bytes(), notice: "\(NoticeName.answers(batch))/node.\(place.job).\(place.restart).json")
  }

  /// Leaves a line that this job runs a step, so that executions can be counted afterwards.
  private func noteStart(_ key: ActionKey) throws {
    let line = "\(key.digest.hex) \(place.job) \(place.restart) \(place.node)\n"
    try shared.write(
      Array(line.utf8),
      notice: "\(NoticeName.starts)/\(key.digest.hex.prefix(16)).\(place.job).\(place.restart)")
  }
}
