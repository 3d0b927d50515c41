// One lock a key, so that runs share work instead of doing it twice. It knows nothing of the work.
import CSystem
import Content
import Synchronization

/// The right to execute one action, across processes.
///
/// Held until `release`, the end of the value or the end of the process, whichever comes first.
public final class KeyLock: Sendable {
  public let key: ActionKey
  private let lock: Mutex<FileLock?>

  fileprivate init(key: ActionKey, lock: consuming FileLock) {
    self.key = key
    self.lock = Mutex(lock)
  }

  /// Lets go; again is fine.
  ///
  /// The file is removed later, by `KeyLocks.removeFree`.
  public func release() { lock.withLock { $0 = nil } }
}

/// The locks of a store: `.atelier/locks/<hex>`.
public struct KeyLocks: Sendable {
  let layout: StoreLayout

  /// nil when another run, or another thread of this one, holds the key.
  public func attempt(_ key: ActionKey) throws(StoreError) -> KeyLock? {
    let path = layout.lock(key)
    if let lock = try FileLock.attempt(path) { return KeyLock(key: key, lock: lock) }
    // Held, or the folder is gone: only the latter can be helped.
    guard try Disk.makeFolder(layout.locks), let lock = try FileLock.attempt(path) else {
      return nil
    }
    return KeyLock(key: key, lock: lock)
  }

  /// Waits for a key, looking again after 2 to 50 ms; nil when `isCancelled` says so.
  ///
  /// Look the key up in the action cache after a wait: whoever held it may have done the work.
  public func wait(
    for key: ActionKey, isCancelled: () -> Bool
  ) throws(StoreError) -> KeyLock? {
    var pause = 2
    while true {
      if let lock = try attempt(key) { return lock }
      if isCancelled() { return nil }
      Disk.pause(milliseconds: pause)
      pause = min(pause * 2, 50)
    }
  }

  /// Removes the files of locks that nobody holds, also those of killed runs, but not those that
  /// belong to another user.
  ///
  /// Done at the end of a run: ext4 is slow to create files just after others were deleted.
  public func removeFree() throws(StoreError) {
    for name in try Disk.names(in: layout.locks) ?? [] {
      do {
        if let lock = try FileLock.attempt("\(layout.locks)/\(name)") { lock.releaseRemoving() }
      } catch {
        continue
      }
    }
  }
}
