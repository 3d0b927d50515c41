// A flock on a file. It knows nothing of what the lock protects.
import CSystem

/// Holds a lock until it is released or the process ends, however that ends.
///
/// Locks of one process exclude each other too. Children do not inherit it: the descriptor is
/// close-on-exec.
package struct FileLock: ~Copyable, Sendable {
  package let path: String
  private let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Unlocks before closing: a child of any thread that is between fork and exec has a copy of the
  /// descriptor, which would keep the lock.
  deinit {
    cs_unlock(descriptor)
    cs_close(descriptor)
  }

  /// nil when the lock is held elsewhere, or when the folder of the file is gone.
  ///
  /// A `shared` lock excludes only those that are not.
  package static func attempt(_ path: String, shared: Bool = false) throws(FileError) -> FileLock? {
    while true {
      let descriptor = cs_open_lock(path)
      guard descriptor >= 0 else {
        if Disk.lastErrorMeansAbsent { return nil }
        throw Disk.failure("open the lock file", path)
      }
      let lock = FileLock(path: path, descriptor: descriptor)
      guard cs_flock(descriptor, 0, shared ? 1 : 0) == 0 else {
        if Disk.lastErrorMeansWouldBlock { return nil }
        throw Disk.failure("lock", path)
      }
      // The file may have been removed between open and flock: then the lock is worth nothing.
      let held = try FileStatus(descriptor: descriptor, path: path).identity
      if let named = try FileStatus(path, followingLinks: false)?.identity,
        named.inode == held.inode, named.device == held.device
      {
        return lock
      }
    }
  }
}
