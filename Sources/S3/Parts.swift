// Numbered pieces of work, some at a time on threads of their own. It knows nothing of S3.
import CSystem
import HTTP

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The pieces of one transfer.
///
/// SAFETY: the mutable state is touched only between lock and unlock of `mutex`; both pthread
/// objects stay at one address until deinit, when no worker is left (each holds a reference).
final class Parts: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let count: Int
  private let work: Work
  private var next = 0
  private var done: Set<Int> = []
  private var working = 0
  private var failure: (any Error)?

  /// Does the piece of a number; the function tells whether another failed, so that it may end.
  typealias Work = @Sendable (Int, _ isVain: @escaping @Sendable () -> Bool) throws -> Void

  /// `work` runs on several threads at once.
  init(count: Int, work: @escaping Work) {
    self.count = count
    self.work = work
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Does all pieces on up to `width` threads and waits for them.
  ///
  /// `inOrder` is told on this thread of each piece that is done, in their order. The first
  /// failure, also one of `inOrder`, lets no further piece begin and is thrown after the last
  /// worker has ended.
  func run(width: Int, inOrder: (Int) throws -> Void = { _ in }) throws {
    for _ in 0..<min(max(width, 1), count) { start() }
    do {
      for index in 0..<count {
        guard waitFor(index) else { break }
        try inOrder(index)
      }
    } catch {
      locked { failure = failure ?? error }
    }
    locked { while working > 0 { pthread_cond_wait(condition, mutex) } }
    if let failure = locked({ failure }) { throw failure }
  }

  private func locked<Answer>(_ body: () -> Answer) -> Answer {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return body()
  }

  /// Waits until a piece is done; false when one failed.
  private func waitFor(_ index: Int) -> Bool {
    locked {
      while failure == nil && !done.contains(index) { pthread_cond_wait(condition, mutex) }
      return failure == nil
    }
  }

  private func start() {
    locked { working += 1 }
    let code = cs_thread(
      { context in
        guard let context else { return }
        Unmanaged<Parts>.fromOpaque(context).takeRetainedValue().serve()
      }, Unmanaged.passRetained(self).toOpaque())
    guard code != 0 else { return }
    Unmanaged.passUnretained(self).release()
    locked {
      working -= 1
      // Fewer threads will do; none will not.
      if working == 0 {
        failure = FileFailure(
          operation: "start", path: "a thread", reason: String(cString: strerror(code)))
      }
    }
  }

  private func serve() {
    while let index = take() {
      do {
        try work(index) { [self] in locked { failure != nil } }
        locked { _ = done.insert(index) }
      } catch {
        locked { failure = failure ?? error }
      }
    }
    locked { working -= 1 }
  }

  private func take() -> Int? {
    locked {
      guard failure == nil, next < count else { return nil }
      defer { next += 1 }
      return next
    }
  }
}
