// A state behind a lock that threads can wait on. It knows nothing of what they wait for.
import CSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A mutex with a condition variable around a value.
///
/// SAFETY: `state` is touched only in `withLock`, between lock and unlock of `mutex`; both pthread
/// objects stay at one address until deinit, when no other reference is left.
package final class Monitor<State>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var state: State

  package init(_ state: State) {
    self.state = state
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs `body` alone and wakes all waiters afterwards.
  package func withLock<Answer>(_ body: (inout State) throws -> Answer) rethrows -> Answer {
    try withLock(waking: { _ in true }, body)
  }

  /// Runs `body` alone and wakes all waiters if `waking` says that the state has news for them.
  package func withLock<Answer>(
    waking: (State) -> Bool, _ body: (inout State) throws -> Answer
  ) rethrows -> Answer {
    pthread_mutex_lock(mutex)
    defer {
      if waking(state) { pthread_cond_broadcast(condition) }
      pthread_mutex_unlock(mutex)
    }
    return try body(&state)
  }

  /// Runs `body` until it answers, after each wake-up and at latest after the milliseconds it set.
  package func wait<Answer>(_ body: (inout State, inout Int) -> Answer?) -> Answer {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    while true {
      var milliseconds = 1000
      if let answer = body(&state, &milliseconds) { return answer }
      let deadline = cs_wall_clock() + Int64(milliseconds) * 1_000_000
      var time = timespec(
        tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
      pthread_cond_timedwait(condition, mutex, &time)
    }
  }
}

/// Runs `body` on a thread of its own.
package func startThread(_ body: @escaping @Sendable () -> Void) throws(FileError) {
  final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let start = Unmanaged.passRetained(Start(body))
  let code = cs_thread(
    { context in
      guard let context else { return }
      Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
    }, start.toOpaque())
  guard code != 0 else { return }
  start.release()
  throw .system(operation: "start", path: "a thread", reason: String(cString: strerror(code)))
}
