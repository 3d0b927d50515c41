// Runs one action to its end: its lock and its lease, attempts, and the result to be committed. It
// knows nothing of the graph.
import AtelierStep
import Content
import FileTools
import LocalStores
import StoreFolder
import Subprocess
import Synchronization
import Workers

/// Runs actions; safe to call from several slots at once.
package final class ActionRunner: Sendable {
  private let environment: EngineEnvironment
  private let workspace: Workspace
  private let folders: StepFolders
  private let committer: CommitQueue
  private let token: CancellationToken
  private let cache: RunOptions.CacheMode
  private let report: @Sendable (RunEvent) -> Void
  /// Told of every action that is run here, and not found, before its first attempt.
  private let willRun: @Sendable (ActionKey) throws -> Void
  private let saidLacks = Mutex<Set<String>>([])
  private let made = Mutex<[String]>([])

  package init(
    environment: EngineEnvironment, runID: RunID, token: CancellationToken,
    cache: RunOptions.CacheMode, willRun: @escaping @Sendable (ActionKey) throws -> Void = { _ in },
    report: @escaping @Sendable (RunEvent) -> Void
  ) throws {
    self.environment = environment
    self.willRun = willRun
    self.token = token
    self.cache = cache
    self.report = report
    workspace = try environment.store.workspace(run: runID)
    folders = StepFolders(workspace: workspace)
    committer = environment.store.commitQueue()
  }

  /// The path of a key's log.
  package func logPath(_ key: ActionKey) -> String { environment.logs.log(key) }

  /// Runs an action to its end, retries included.
  ///
  /// Blocks the calling thread.
  package func execute(_ action: Action) -> ActionOutcome {
    let outcome = Interruption.heeding({ [token] in token.isCancelled }) { executeClaimed(action) }
    // What is to be uploaded lets go of its lease afterwards.
    if case .built(_, _, isCached: true) = outcome { return outcome }
    environment.shared?.endLease(action.key)
    return outcome
  }

  private func executeClaimed(_ action: Action) -> ActionOutcome {
    do {
      guard let lock = try acquire(action) else { return .cancelled }
      // Another run may have finished the same key since it was looked up: then its file is there.
      if cache != .off, !action.isForced, environment.store.actions.hasFile(action.key),
        case .hit(let result) = try lookup(action.key)
      {
        lock.release()
        return .shared(result)
      }
      if !action.isForced, let result = try claim(action) {
        lock.release()
        return .shared(result)
      }
      try willRun(action.key)
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
  package func commit() throws { try committer.close() }

  /// Makes every result visible and takes the scratch away; call it once, when no action runs any
  /// more.
  package func drain() throws {
    try commit()
    try workspace.discard()
  }

  private func lookup(_ key: ActionKey) throws -> Lookup {
    try Resolver(environment: environment).lookupLocally(key)
  }

  /// Another machine's result of a step that is worth waiting for.
  private func claim(_ action: Action) throws -> ActionResult? {
    guard cache == .rw, action.step.isolation != .inProcess, let shared = environment.shared else {
      return nil
    }
    return try shared.claim(action.key, isCancelled: { token.isCancelled }) {
      report(.waiting(name: action.name, key: action.key))
    }
  }

  private func acquire(_ action: Action) throws -> KeyLock? {
    if let lock = try environment.store.locks.attempt(action.key) { return lock }
    report(.waiting(name: action.name, key: action.key))
    return try environment.store.locks.wait(
      for: action.key, isCancelled: { token.isCancelled })
  }

  private func attempt(_ action: Action, _ lock: KeyLock) throws -> ActionOutcome {
    var number = 0
    while true {
      do {
        let outcome = try once(action, lock, attempt: number + 1)
        let limits = action.step.limits
        guard case .failed(let message, _) = outcome, number < limits.retries else {
          if case .built = outcome {} else { lock.release() }
          return outcome
        }
        number += 1
        let delay = limits.delay(before: number)
        report(
          .retrying(
            name: action.name,
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

  private func once(
    _ action: Action, _ lock: KeyLock, attempt: Int
  ) throws -> ActionOutcome {
    if token.isCancelled { return .cancelled }
    let session = try ActionSession(preparing: action, in: folders, environment, token)
    defer { session.remove() }
    let name = action.name
    let log = try LogFile(
      path: logPath(action.key), limit: environment.logLimit, attempt: attempt,
      of: action.step.limits.retries + 1)
    let ending = try session.run(log) { [report] in report(.progress(name: name, fraction: $0)) }
    switch ending {
    case .cancelled: return .cancelled
    case .failed(let text, let confined):
      return .failed(
        FailureText.make(
          text, action: action, confined: confined, last: log.lastLines(20),
          folder: Disk.parent(of: logPath(action.key))), warnings: [])
    case .done(let confined):
      let product = try session.adopt()
      compare(product.result, of: action)
      let warnings =
        product.warnings + (action.step.isolation == .process ? newLacks(confined) : [])
      return try keep(product.result, moved: product.moved, warnings: warnings, lock)
    }
  }

  /// What this kernel lacks to confine steps, once in a run.
  private func newLacks(_ confined: Bool) -> [String] {
    var lacks: [String] = []
    if !confined { lacks.append("this kernel cannot confine steps to files (no Landlock)") }
    if !FolderMounts.arePossible(in: environment.store.layout.base) {
      lacks.append(
        "this kernel lets this user mount nothing, so each step gets copies of its inputs")
    }
    if !NetworkFilter.isAvailable {
      lacks.append("this kernel cannot keep steps from the network (no seccomp)")
    }
    return saidLacks.withLock { said in lacks.filter { said.insert($0).inserted } }
  }

  /// The steps that were made again and gave other bytes than those that were kept.
  package var differing: [String] { made.withLock { $0 } }

  /// Says of a step that was made again whether its bytes are the kept ones.
  private func compare(_ result: ActionResult, of action: Action) {
    // What lies on the platform has another id each time.
    guard action.isForced, action.step.isolation != .platform,
      case .hit(let kept)? = try? lookup(action.key)
    else { return }
    let moved = result.outputs.filter { kept.outputs[$0.key]?.digest != $0.value.digest }.keys
    guard let first = moved.min(), let old = kept.outputs[first], let new = result.outputs[first]
    else {
      return report(.notice("\(action.name) was made again, and gives the same bytes"))
    }
    made.withLock { $0.append(action.name) }
    report(
      .notice(
        "\(action.name).\(first) was made again, and is NOT REPRODUCIBLE: \(old.digest) -> "
          + "\(new.digest)" + (moved.count > 1 ? "; and \(moved.count - 1) more outputs" : "")
          + "; the new result counts from now on"))
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
    committer.submit(result) { [report] outcome in
      lock.release()
      switch outcome {
      case .success: shared?.add(result.key)
      case .failure(let error):
        shared?.abandon(result.key)
        report(.notice("a result could not be kept: \(error)"))
      }
    }
    return .built(result, warnings: warnings, isCached: true)
  }
}
