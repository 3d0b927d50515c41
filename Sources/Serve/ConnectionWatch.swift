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
  /// What a connection is doing.
  enum Phase: Sendable {
    /// No request came over it yet.
    case silent
    case busy
    /// Its last request is over.
    case between
  }

  private struct State {
    var phase: Phase
    var deadline: ContinuousClock.Instant
  }

  private let states = Mutex<[Int32: State]>([:])

  /// Whether there is a connection over which nothing came yet.
  var hasSilent: Bool { states.withLock { $0.values.contains { $0.phase == .silent } } }

  /// Gives a connection so many seconds from now.
  func set(_ descriptor: Int32, _ phase: Phase, seconds: Int) {
    let state = State(phase: phase, deadline: ContinuousClock.now + .seconds(seconds))
    states.withLock { $0[descriptor] = state }
  }

  /// The connection is about to be closed: its number may mean another one afterwards.
  func forget(_ descriptor: Int32) { states.withLock { $0[descriptor] = nil } }

  /// Shuts down what is past its deadline.
  func expire() {
    let now = ContinuousClock.now
    // Within the lock: nobody closes these descriptors before `forget`.
    states.withLock { table in
      for (descriptor, state) in table where state.deadline < now {
        shutdown(descriptor, Int32(SHUT_RDWR))
        // Once is enough: the server's threads have seen it long before this.
        table[descriptor]?.deadline = now + .seconds(3600)
      }
    }
  }
}
