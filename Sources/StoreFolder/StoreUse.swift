// Who writes to a store at all: many at a time, or one that wants to be alone, such as a collection
// of garbage. It knows nothing of what they write.
import CSystem
import FileTools
import Synchronization

/// The right to write to a store, held until `end` or the end of the process.
///
/// Whoever only reads needs none: files vanish, but no file changes.
package final class StoreUse: Sendable {
  private struct State: ~Copyable {
    var lock: FileLock?
  }

  /// How long one waits for the end of a collection, and for short verbs to end before one: ms.
  private static let patience = (sharing: 600_000, alone: 3000)

  private let state: Mutex<State>

  private init(_ lock: consuming FileLock) { state = Mutex(State(lock: lock)) }

  /// Writes beside others; waits while somebody is alone, after a call of `waiting`.
  package static func share(_ layout: StoreLayout, waiting: () -> Void) throws -> StoreUse {
    guard let use = try take(layout, shared: true, patience.sharing, waiting) else {
      throw StoreError.busy(
        path: layout.root,
        advice: "`atelier store gc` is at work there for long; try again when it has ended")
    }
    return use
  }

  /// Writes alone.
  package static func takeAlone(_ layout: StoreLayout) throws -> StoreUse {
    guard let use = try take(layout, shared: false, patience.alone, {}) else {
      throw StoreError.busy(
        path: layout.root,
        advice: "a run, a shell or another writer is at work there; try again when it has ended")
    }
    return use
  }

  /// Gives the right up; again is fine.
  package func end() { state.withLock { $0.lock = nil } }

  private static func take(
    _ layout: StoreLayout, shared: Bool, _ patience: Int, _ waiting: () -> Void
  ) throws -> StoreUse? {
    var waited = 0
    while true {
      try prepare(layout)
      if let lock = try FileLock.attempt(layout.useLock, shared: shared) { return StoreUse(lock) }
      if waited >= patience { return nil }
      if waited == 0 { waiting() }
      Disk.pause(milliseconds: 20)
      waited += 20
    }
  }

  /// Whoever may make files beside the lock's file may lock; only its owner can see to that.
  private static func prepare(_ layout: StoreLayout) throws {
    guard try FileStatus(layout.useLock, followingLinks: false) == nil else { return }
    let descriptor = cs_open_lock(layout.useLock)
    guard descriptor >= 0 else { throw Disk.failure("make the lock file", layout.useLock) }
    defer { cs_close(descriptor) }
    if let mode = try FileStatus(layout.base, followingLinks: true)?.mode {
      _ = cs_set_mode(descriptor, mode & 0o666)
    }
  }
}
