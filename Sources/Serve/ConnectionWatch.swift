// When each connection must have got on, so that slow clients do not hold places for ever.
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The deadlines of open connections, by their descriptors.
///
/// libmicrohttpd knows only how long a connection was silent, which a byte now and then escapes.
/// A connection past its deadline is shut down, which the server's threads see as its end.
final class ConnectionWatch: Sendable {
  private let deadlines = Mutex<[Int32: ContinuousClock.Instant]>([:])

  var count: Int { deadlines.withLock { $0.count } }

  /// Gives a connection so many seconds from now.
  func set(_ descriptor: Int32, seconds: Int) {
    let deadline = ContinuousClock.now + .seconds(seconds)
    deadlines.withLock { $0[descriptor] = deadline }
  }

  /// The connection is about to be closed: its number may mean another one afterwards.
  func forget(_ descriptor: Int32) { deadlines.withLock { $0[descriptor] = nil } }

  /// Shuts down what is past its deadline.
  func expire() {
    let now = ContinuousClock.now
    // Within the lock: nobody closes these descriptors before `forget`.
    deadlines.withLock { table in
      for (descriptor, deadline) in table where deadline < now {
        shutdown(descriptor, Int32(SHUT_RDWR))
        table[descriptor] = now + .seconds(3600)
      }
    }
  }
}
