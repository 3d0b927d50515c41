// Whether the shared store has accepted what a publication rests on: nothing is published that is put
// aside a moment later, since another machine was first.
import Content
import Execution
import RemoteCache
import Subprocess

/// Waits for the uploads of a publication's ancestors.
struct UploadDecision {
  /// Another machine's result counts for one of the ancestors.
  struct Lost: Error {}

  private let progress: RunProgress
  private let environment: EngineEnvironment
  private let options: RunOptions
  private let runner: ActionRunner
  private let token: CancellationToken

  init(
    _ progress: RunProgress, _ environment: EngineEnvironment, _ options: RunOptions,
    _ runner: ActionRunner, _ token: CancellationToken
  ) {
    self.progress = progress
    self.environment = environment
    self.options = options
    self.runner = runner
    self.token = token
  }

  /// The wait for a node, to be done on a slot; throws `Lost`.
  ///
  /// Where the shared store is out of reach nothing is decided, and the publication goes on.
  func wait(for index: Int) -> @Sendable () throws -> Void {
    guard let shared = environment.shared, options.cache == .rw, options.delivers else { return {} }
    let keys = ownKeys(before: index)
    if keys.isEmpty { return {} }
    return { [runner, token] in
      try runner.commit()
      _ = try shared.drain(isCancelled: { token.isCancelled })
      if shared.conflicts.contains(where: { keys.contains($0.ours.key) }) { throw Lost() }
    }
  }

  /// The keys of the results of this machine that a node rests on.
  private func ownKeys(before index: Int) -> Set<ActionKey> {
    var keys: Set<ActionKey> = []
    var seen: Set<Int> = [index]
    var waiting = [index]
    while let next = waiting.popLast() {
      if let report = progress.results.end(of: next)?.report, !report.isFromRemote,
        let key = report.key
      {
        keys.insert(key)
      }
      waiting += progress.graph.nodes[next].dependencies.filter { seen.insert($0).inserted }
    }
    return keys
  }
}
