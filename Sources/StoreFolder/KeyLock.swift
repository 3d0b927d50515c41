// One lock a key, so that runs share work instead of doing it twice. It knows nothing of the work.
//
// A lock is one byte of one file, at the offset that the key's first bits name. A file for each key
// would have to be made and deleted, and that costs more than a small step takes.
import CSystem
import Content
import FileTools
import Synchronization

/// The right to execute one action, across processes.
///
/// Held until `release`, the end of the value or the end of the process, whichever comes first.
package final class KeyLock: Sendable {
  package let key: ActionKey
  private let locks: KeyLocks
  private let file: Mutex<LockFile?>

  fileprivate init(key: ActionKey, locks: KeyLocks, file: LockFile) {
    self.key = key
    self.locks = locks
    self.file = Mutex(file)
  }

  deinit { release() }

  /// Unlocks; again is fine.
  package func release() {
    file.withLock { file in
      if let held = file { locks.unlock(key, held) }
      file = nil
    }
  }
}

/// The locks of a store: the bytes of `.atelier/keys.lock`, which stays empty.
package final class KeyLocks: Sendable {
  private let path: String
  private let state = Mutex(State())

  private struct State {
    /// What this process locks on, once it has locked anything.
    var file: LockFile?
    /// The kernel sees one holder in all threads that share the file: this tells them apart.
    var held: Set<ActionKey> = []
  }

  package init(layout: StoreLayout) { path = layout.lockFile }

  /// nil when another run, or another thread of this one, holds the key.
  package func attempt(_ key: ActionKey) throws(FileError) -> KeyLock? {
    let file = try state.withLock { state throws(FileError) -> LockFile? in
      if state.held.contains(key) { return nil }
      while true {
        let file: LockFile
        if let open = state.file { file = open } else { file = try LockFile(path) }
        state.file = file
        guard try file.attempt(key) else { return nil }
        // The file may have been removed since it was opened: then the lock is worth nothing.
        if try file.isNamed(path) {
          state.held.insert(key)
          return file
        }
        file.unlock(key)
        state.file = nil
      }
    }
    return file.map { KeyLock(key: key, locks: self, file: $0) }
  }

  /// Waits for a key, trying again after 2 to 50 ms; nil when `isCancelled` says so.
  ///
  /// Look the key up in the action cache after a wait: whoever held it may have done the work.
  package func wait(
    for key: ActionKey, isCancelled: () -> Bool
  ) throws(FileError) -> KeyLock? {
    var pause = 2
    while true {
      if let lock = try attempt(key) { return lock }
      if isCancelled() { return nil }
      Disk.pause(milliseconds: pause)
      pause = min(pause * 2, 50)
    }
  }

  fileprivate func unlock(_ key: ActionKey, _ file: LockFile) {
    state.withLock { state in
      file.unlock(key)
      state.held.remove(key)
    }
  }
}

/// The open file of all locks; closed with the last of them.
private final class LockFile: Sendable {
  private let path: String
  private let descriptor: Int32
  private let identity: FileIdentity

  init(_ path: String) throws(FileError) {
    let folder = Disk.parent(of: path)
    try Disk.makeFolders(folder)
    let descriptor = cs_open_lock(path)
    guard descriptor >= 0 else { throw Disk.failure("open the lock file", path) }
    do throws(FileError) {
      identity = try FileStatus(descriptor: descriptor, path: path).identity
      // Whoever may make files beside it may lock; only its owner can see to that.
      if let mode = try FileStatus(folder, followingLinks: true)?.mode {
        _ = cs_set_mode(descriptor, mode & 0o666)
      }
    } catch {
      cs_close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { cs_close(descriptor) }

  /// False when another process, or another store in this one, holds the key.
  ///
  /// Two keys with the same first 63 bits would exclude each other, which only takes time.
  func attempt(_ key: ActionKey) throws(FileError) -> Bool {
    let answer = cs_lock_byte(descriptor, Self.offset(of: key))
    guard answer >= 0 else { throw Disk.failure("lock", path) }
    return answer == 0
  }

  /// By an explicit call: a child of any thread that is between fork and exec has a copy of the
  /// descriptor, which would keep the lock.
  func unlock(_ key: ActionKey) { cs_unlock_byte(descriptor, Self.offset(of: key)) }

  func isNamed(_ path: String) throws(FileError) -> Bool {
    guard let named = try FileStatus(path, followingLinks: false)?.identity else { return false }
    return named.inode == identity.inode && named.device == identity.device
  }

  private static func offset(of key: ActionKey) -> Int64 {
    Int64(key.digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 1)
  }
}
