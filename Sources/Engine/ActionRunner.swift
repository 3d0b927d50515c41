// Runs one action on a slot: lock, scratch, worker, outputs into the store, result to be
// committed. It knows nothing of the graph.
import AtelierStep
import Content
import FileTools
import LocalStores
import Subprocess

/// Runs actions; safe to call from several slots at once.
final class ActionRunner: Sendable {
  private let environment: EngineEnvironment
  private let workspace: Workspace
  private let folders: StepFolders
  private let committer: CommitQueue
  private let token: CancellationToken
  private let cache: RunOptions.CacheMode
  private let report: @Sendable (RunEvent) -> Void

  init(
    environment: EngineEnvironment, runID: RunID, token: CancellationToken,
    cache: RunOptions.CacheMode, report: @escaping @Sendable (RunEvent) -> Void
  ) throws {
    self.environment = environment
    self.token = token
    self.cache = cache
    self.report = report
    workspace = try environment.store.workspace(run: runID)
    folders = StepFolders(workspace: workspace)
    committer = environment.store.commitQueue()
  }

  /// The path of a key's log.
  func logPath(_ key: ActionKey) -> String { environment.store.layout.log(key) }

  /// Runs an action to its end, retries included.
  ///
  /// Blocks the calling thread.
  func execute(_ action: Action) -> ActionOutcome {
    let outcome = executeClaimed(action)
    // What is to be uploaded lets go of its lease afterwards.
    if case .built(_, _, isCached: true) = outcome { return outcome }
    environment.shared?.endLease(action.key)
    return outcome
  }

  private func executeClaimed(_ action: Action) -> ActionOutcome {
    do {
      guard let lock = try acquire(action) else { return .cancelled }
      // Another run may have finished the same key since it was looked up: then its file is there.
      if cache != .off, environment.store.actions.hasFile(action.key),
        case .hit(let result) = try lookup(action.key)
      {
        lock.release()
        return .shared(result)
      }
      if let result = try claim(action) {
        lock.release()
        return .shared(result)
      }
      return try attempt(action, lock)
    } catch  where token.isCancelled {
      return .cancelled
    } catch let lost as LostBlobs {
      return .lost(lost)
    } catch {
      return .failed(ErrorText.of(error), warnings: [])
    }
  }

  /// Makes every result visible that was built so far; no action may run meanwhile.
  func commit() throws { try committer.close() }

  /// Makes every result visible and takes the scratch away; call it once, when no action runs any
  /// more.
  func drain() throws {
    try commit()
    try workspace.discard()
  }

  private func lookup(_ key: ActionKey) throws -> Lookup {
    try Resolver(environment: environment).lookupHere(key)
  }

  /// Another machine's result of a step that is worth waiting for.
  private func claim(_ action: Action) throws -> ActionResult? {
    guard cache == .rw, action.step.isolation == .process, let shared = environment.shared else {
      return nil
    }
    return try shared.claim(action.key, isCancelled: { token.isCancelled }) {
      report(.waiting(name: action.node.name, key: action.key))
    }
  }

  private func acquire(_ action: Action) throws -> KeyLock? {
    if let lock = try environment.store.locks.attempt(action.key) { return lock }
    report(.waiting(name: action.node.name, key: action.key))
    return try environment.store.locks.wait(
      for: action.key, isCancelled: { token.isCancelled })
  }

  private func attempt(_ action: Action, _ lock: KeyLock) throws -> ActionOutcome {
    var number = 0
    while true {
      do {
        let outcome = try once(action, lock)
        let limits = action.step.limits
        guard case .failed(let message, _) = outcome, number < limits.retries else {
          if case .built = outcome {} else { lock.release() }
          return outcome
        }
        number += 1
        let delay = limits.delay(before: number)
        report(
          .retrying(
            name: action.node.name,
            FailedAttempt(
              number: number, limit: limits.retries + 1, delay: delay, message: message)))
        pause(delay)
      } catch {
        lock.release()
        throw error
      }
    }
  }

  /// Waits, but not longer than until the run is cancelled.
  private func pause(_ seconds: Double) {
    token.wait(seconds: seconds)
  }

  private func once(_ action: Action, _ lock: KeyLock) throws -> ActionOutcome {
    if token.isCancelled { return .cancelled }
    try bringInputs(action)
    let began = environment.clock()
    let directory = try StepDirectory(action, in: folders, store: environment.store)
    defer { directory.remove() }
    switch try run(action, directory) {
    case .cancelled: return .cancelled
    case .failed(let text, let confined):
      return .failed(
        FailureText.make(
          text, action: action, confined: confined, log: logPath(action.key)), warnings: [])
    case .done(let confined):
      var warnings: [String] = []
      if !confined, action.step.isolation == .process {
        warnings.append("this kernel cannot confine steps (no Landlock)")
      }
      let outputs = try directory.adoptOutputs()
      let moved = try directory.movedInputs(environment.programs)
      warnings += overwrittenSources(of: action)
      let result = ActionResult(
        key: action.key, document: action.bytes, outputs: outputs,
        startedAt: Timestamp(milliseconds: Int64(began * 1000)),
        seconds: environment.clock() - began, host: environment.host)
      return try keep(result, moved: moved, warnings: warnings, lock)
    }
  }

  /// Fetches what the action reads and this machine lacks.
  private func bringInputs(_ action: Action) throws {
    var lost: Set<Digest> = []
    var reason = ""
    for (_, artifact) in action.inputs.sorted(by: { $0.key < $1.key }) {
      do {
        try environment.bring(artifact)
      } catch let error as LostBlobs {
        lost.formUnion(error.digests)
        reason = error.reason
      }
    }
    if !lost.isEmpty { throw LostBlobs(digests: lost, reason: reason) }
  }

  /// What somebody else wrote to objects elsewhere that this step was to read.
  ///
  /// The step had a copy of the version that its key names, so its result is right and kept.
  private func overwrittenSources(of action: Action) -> [String] {
    action.inputs.sorted { $0.key < $1.key }.compactMap { name, artifact in
      guard let origin = artifact.origin, (try? environment.sources.hasMoved(origin)) == true
      else { return nil }
      return "\(origin.url) (\(name)) was overwritten while the step ran; this result is of the "
        + "version with digest \(origin.digest.hex.prefix(12)), the next run takes the new one"
    }
  }

  private func keep(
    _ result: ActionResult, moved: [String], warnings: [String], _ lock: KeyLock
  ) throws -> ActionOutcome {
    var warnings = warnings
    if !moved.isEmpty {
      warnings.append(
        "changed while the step ran, so the result is kept for you but not cached: "
          + moved.joined(separator: ", "))
    }
    guard moved.isEmpty, cache == .rw else {
      lock.release()
      return .built(result, warnings: warnings, isCached: false)
    }
    let shared = environment.shared
    try shared?.willAdd(result.key)
    try committer.submit(result) { [report] outcome in
      lock.release()
      switch outcome {
      case .success: shared?.add(result.key)
      case .failure(let error): report(.notice("a result could not be kept: \(error)"))
      }
    }
    return .built(result, warnings: warnings, isCached: true)
  }

  private func run(
    _ action: Action, _ directory: StepDirectory
  ) throws -> WorkerProcess.Ending {
    let log = logPath(action.key)
    if action.step.isolation == .inProcess { return try runHere(action, directory, log) }
    try Disk.makeFolders(Disk.parent(of: log))
    let name = action.node.name
    let worker = WorkerProcess(
      executable: environment.workerPath,
      environment: WorkerEnvironment.make(
        directory: directory.path, passed: environment.passedEnvironment,
        programs: action.step.programs),
      directory: directory.path, logPath: log, token: token)
    return try worker.run(
      directory.request(action), expecting: action.step.code,
      timeout: action.step.limits.timeout,
      progress: { [report] in report(.progress(name: name, fraction: $0)) })
  }

  /// Runs a step that asked for it in this process.
  private func runHere(
    _ action: Action, _ directory: StepDirectory, _ log: String
  ) throws -> WorkerProcess.Ending {
    guard
      let type = try environment.catalogue.type(
        family: action.document.family, step: action.document.step)
    else { throw EngineFailure("no step \(action.document.family).\(action.document.step)") }
    let token = self.token
    let lines = try LogFile(path: log)
    let name = action.node.name
    let place = directory.place
    let context = StepContext(
      makingDirectory: { place.path }, inputs: directory.inputPaths, outputs: directory.outputPaths,
      programs: [:],
      report: { [report] message in
        switch message {
        case .log(let line): lines.add(line)
        case .progress(let fraction): report(.progress(name: name, fraction: fraction))
        }
      }, isCancelled: { token.isCancelled })
    do {
      try StepInvocation.run(type, action.document, context)
      try lines.check()
      try place.check()
      return .done(confined: false)
    } catch {
      // What failed is looked for in the log.
      lines.add(ErrorText.of(error))
      return token.isCancelled ? .cancelled : .failed(ErrorText.of(error), confined: false)
    }
  }
}

/// Decodes a step from a key document and runs it.
enum StepInvocation {
  static func run<S: Step>(
    _ type: S.Type, _ document: KeyDocument, _ context: StepContext
  ) throws {
    let step = try StepTemplate.decode(
      type, parameters: document.parameters, inputs: document.inputs.keys,
      outputs: document.outputs.keys)
    guard step.sql == document.sql else {
      throw StepFailure("the worker's SQL of \(S.stepName) is not the runner's; run it again")
    }
    try step.run(in: context)
  }
}
