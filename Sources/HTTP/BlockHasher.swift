// Hashes a body beside its thread, so that the next bytes are received meanwhile.
import CSystem
import Content

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The digest of blocks that are handed over in order, computed on a thread of its own.
///
/// At most one block waits, so memory stays bounded. End it by `finish` or `abandon`.
///
/// SAFETY: the mutable state is touched only between lock and unlock of `mutex`, but for `hasher`,
/// which only the thread touches until `isDone`, and `finish` afterwards; both pthread objects stay
/// at one address until deinit, when the thread has ended (it holds a reference).
final class BlockHasher: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let hasher: SHA256
  private var waiting: [UInt8]?
  private var spare: [UInt8] = []
  private var isEnded = false
  private var isDone = false

  /// Starts the thread.
  init() throws {
    hasher = try SHA256()
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    let code = cs_thread(
      { context in
        guard let context else { return }
        Unmanaged<BlockHasher>.fromOpaque(context).takeRetainedValue().serve()
      }, Unmanaged.passRetained(self).toOpaque())
    guard code != 0 else { return }
    Unmanaged.passUnretained(self).release()
    throw FileFailure(operation: "start", path: "a thread", reason: String(cString: strerror(code)))
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Takes the bytes of a block and leaves an empty one; waits while another waits.
  func take(_ block: inout [UInt8]) {
    pthread_mutex_lock(mutex)
    while waiting != nil { pthread_cond_wait(condition, mutex) }
    waiting = block
    block = spare
    spare = []
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// The digest of all blocks.
  func finish() throws -> Digest {
    abandon()
    pthread_mutex_lock(mutex)
    while !isDone { pthread_cond_wait(condition, mutex) }
    pthread_mutex_unlock(mutex)
    return try hasher.finish()
  }

  /// Lets the thread end after the block that waits.
  func abandon() {
    pthread_mutex_lock(mutex)
    isEnded = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  private func serve() {
    pthread_mutex_lock(mutex)
    while true {
      while waiting == nil, !isEnded { pthread_cond_wait(condition, mutex) }
      guard var block = waiting else { break }
      waiting = nil
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
      block.withUnsafeBytes { hasher.update($0) }
      block.removeAll(keepingCapacity: true)
      pthread_mutex_lock(mutex)
      spare = block
    }
    isDone = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}
