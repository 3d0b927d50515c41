// One attempt at an action: its inputs brought, a directory of its own, the step run in it, its
// outputs kept, and a result made of them. It knows no graph, no lock and no other attempt.
import AtelierStep
import Content
import FileTools
import LocalStores
import Subprocess
import Workers

/// One attempt; `remove` it whatever comes of it.
package struct ActionSession {
  private let action: Action
  private let environment: EngineEnvironment
  private let directory: StepDirectory
  private let token: CancellationToken
  /// Seconds since 1970, and by the token's clock, which leaves pauses out.
  private let began: Double
  private let started: Double

  /// Prepares the attempt: everything that the action reads is on this machine and in its place.
  ///
  /// Throws `LostBlobs` where bytes of inputs are nowhere to be had.
  package init(
    preparing action: Action, in folders: StepFolders, _ environment: EngineEnvironment,
    _ token: CancellationToken
  ) throws {
    self.action = action
    self.environment = environment
    self.token = token
    try Self.fetchInputs(of: action, environment)
    began = environment.clock()
    started = token.seconds
    directory = try StepDirectory(action, in: folders, store: environment.store)
  }

  /// Takes the directory away with all that is left in it.
  package func remove() { directory.remove() }

  // MARK: - Run

  /// Runs the step to its end, on the calling thread; `log` gets what it says as it comes.
  package func run(
    _ log: LogFile, progress: @escaping @Sendable (Double) -> Void
  ) throws -> WorkerProcess.Ending {
    let ending =
      action.step.isolation != .process
      ? try runInProcess(log, progress) : try runInWorker(log, progress)
    switch ending {
    case .done:
      log.end()
      try log.check()
    case .failed(let text, _): log.end(text)
    case .cancelled: log.end("stopped, since the run was cancelled")
    }
    return ending
  }

  private func runInWorker(
    _ log: LogFile, _ progress: @escaping @Sendable (Double) -> Void
  ) throws -> WorkerProcess.Ending {
    // A step that ran and printed nothing has an empty log.
    try log.create()
    let worker = WorkerProcess(
      executable: environment.workerPath,
      environment: WorkerEnvironment.make(
        directory: directory.path, passed: environment.passedEnvironment,
        usesNetwork: action.step.usesNetwork),
      directory: directory.path, log: log, token: token)
    return try worker.run(
      directory.request(action), expecting: action.step.code,
      timeout: action.step.limits.timeout, progress: progress)
  }

  /// Runs a step that asked for it in this process.
  private func runInProcess(
    _ log: LogFile, _ progress: @escaping @Sendable (Double) -> Void
  ) throws -> WorkerProcess.Ending {
    guard
      let type = try environment.catalogue.type(
        family: action.document.family, step: action.document.step)
    else { throw EngineFailure("no step \(action.document.family).\(action.document.step)") }
    let isOver = deadline()
    let token = self.token
    let folder = directory.folder
    let context = StepContext(
      makingDirectory: { folder.path }, inputs: directory.inputPaths,
      outputs: directory.outputPaths,
      programs: [:], sql: action.document.sql, platform: try platform(),
      report: { message in
        switch message {
        case .log(let line): log.add(line)
        case .progress(let fraction): progress(fraction)
        }
      }, isCancelled: { token.isCancelled || isOver() })
    do {
      try StepInvocation.run(
        type, action.document, unkeyed: action.step.unkeyed, context)
      try folder.check()
      return isOver() ? outOfTime : .done(confined: false)
    } catch  where isOver() && !token.isCancelled {
      return outOfTime
    } catch {
      return token.isCancelled ? .cancelled : .failed(ErrorText.of(error), confined: false)
    }
  }

  /// What makes the step's calls, if it may make any.
  private func platform() throws -> (any PlatformCaller)? {
    guard action.step.isolation == .platform else { return nil }
    return try environment.platform.caller()
  }

  /// Whether the time of the attempt is up.
  ///
  /// A step of this process learns it by asking whether it is cancelled; one that does not ask ends
  /// when it ends, and fails.
  private func deadline() -> @Sendable () -> Bool {
    guard let limit = action.step.limits.timeout else { return { false } }
    let end = token.seconds + limit
    return { [token] in token.seconds > end }
  }

  private var outOfTime: WorkerProcess.Ending { .outOfTime(action.step.limits.timeout) }

  // MARK: - Adopt and result

  /// What a step that ran to its end gave.
  package struct Product {
    package let result: ActionResult
    /// Inputs and programs that are no longer what was hashed: the result must not be cached.
    package let moved: [String]
    package let warnings: [String]
  }

  /// Moves the outputs into the store and makes the result of them.
  package func adopt() throws -> Product {
    var warnings: [String] = []
    try directory.checkInputs()
    let outputs = try directory.adoptOutputs()
    let moved = try directory.movedInputs(environment.programs)
    warnings += overwrittenSources()
    let result = ActionResult(
      key: action.key, document: action.bytes, outputs: outputs,
      startedAt: Timestamp(secondsSince1970: began),
      seconds: token.seconds - started, host: environment.host)
    return Product(result: result, moved: moved, warnings: warnings)
  }

  /// What somebody else wrote to objects elsewhere that this step was to read.
  ///
  /// The step had a copy of the version that its key names, so its result is right and kept.
  private func overwrittenSources() -> [String] {
    action.inputs.sorted { $0.key < $1.key }.compactMap { name, artifact in
      guard let origin = artifact.origin, (try? environment.sources.hasMoved(origin)) == true
      else { return nil }
      return "\(origin.url) (\(name)) was overwritten while the step ran; this result is of the "
        + "version with digest \(origin.digest.hex.prefix(12)), the next run takes the new one"
    }
  }

  /// Fetches what the action reads and this machine lacks.
  private static func fetchInputs(of action: Action, _ environment: EngineEnvironment) throws {
    var lost: Set<Digest> = []
    var reason = ""
    for (_, artifact) in action.inputs.sorted(by: { $0.key < $1.key }) {
      do {
        try environment.fetch(artifact)
        // A step of its own process reads a copy, which nobody edits meanwhile.
        if action.step.isolation == .process { try environment.importExternal(artifact) }
      } catch let error as LostBlobs {
        lost.formUnion(error.digests)
        reason = error.reason
      }
    }
    if !lost.isEmpty { throw LostBlobs(digests: lost, reason: reason) }
  }
}
