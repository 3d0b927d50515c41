// Looks results up: such as are known at a glance at once, and those whose bytes take a while to check
// beside the thread that owns the run. It knows no state of a run.
import Content
import Engines
import Execution
import FileTools
import LocalStores
import Subprocess
import Synchronization

/// Looks keys up in the store of this machine; a run that is cancelled stops checking.
///
/// The threads are its own: a slot may be busy with a step for hours, and what waits for the look-up
/// may be a hit.
package final class ResultReader: Sendable {
  private let resolver: Resolver
  private let token: CancellationToken
  /// Gets what was found on a thread, from any of them.
  private let done: @Sendable (Int, Result<Lookup, any Error>) -> Void
  /// Told now and then how far a check is, from any thread.
  private let progressed: @Sendable (RunEvent) -> Void
  /// Made when first needed; empty where no thread can be had.
  private let threads = Mutex<SlotPool?>(nil)
  /// Each check uses all cores by itself where it can.
  private static let width = 2

  package init(
    _ resolver: Resolver, _ token: CancellationToken,
    done: @escaping @Sendable (Int, Result<Lookup, any Error>) -> Void,
    progressed: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.resolver = resolver
    self.token = token
    self.done = done
    self.progressed = progressed
  }

  /// Looks a key up, or begins to and gives nil: `done` is told, then.
  package func lookUp(_ key: ActionKey, _ index: Int, name: String) throws -> Lookup? {
    guard try takesLong(key), let threads = pool() else {
      return try resolver.lookupLocally(key)
    }
    threads.run { [self] in
      let progress = FileProgress { [self] in progressed(.files(name: name, $0)) }
      done(
        index,
        Result {
          try Interruption.heeding({ [token] in token.isCancelled }) {
            try progress.counting { try resolver.lookupLocally(key) }
          }
        })
    }
    return nil
  }

  private func takesLong(_ key: ActionKey) throws -> Bool {
    let store = resolver.environment.store
    guard let result = try store.actions.lookup(key) else { return false }
    return try result.outputs.values.contains { try store.trees.takesLong($0) }
  }

  private func pool() -> SlotPool? {
    threads.withLock { threads in
      if threads == nil { threads = try? SlotPool(count: Self.width) }
      return threads
    }
  }
}
