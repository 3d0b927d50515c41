// Whether and when to try again. It sends nothing and reads no clock.

/// How often and how patiently a request is tried again.
package struct RetryPolicy: Sendable, Hashable {
  /// Attempts in all.
  package var attempts = 6
  /// Seconds: the first pause is at most this, each next one at most twice the last.
  package var base = 0.2
  /// The longest pause in seconds; a server that asks for a longer one is not tried again.
  package var longestPause = 30.0
  /// No attempt begins later than so many seconds after the first.
  package var patience = 300.0

  package init() {}

  /// One attempt and no more.
  package static var never: RetryPolicy {
    var policy = RetryPolicy()
    policy.attempts = 1
    return policy
  }

  /// What to do after an attempt that failed.
  package enum Verdict: Hashable {
    case giveUp
    /// Pause, then try again.
    case retry(after: Double)
    /// Renew what the request is signed with, then try again at once.
    case refresh
  }

  /// The verdict on an exchange that did not take place.
  package func verdict(
    on failure: TransportFailure, attempt: Int, elapsed: Double, random: Double
  ) -> Verdict {
    failure.isTransient ? pause(attempt, elapsed, random, asked: nil) : .giveUp
  }

  /// Full jitter: anything up to the bound, but never less than the server asked for.
  package func pause(
    _ attempt: Int, _ elapsed: Double, _ random: Double, asked: Double?
  ) -> Verdict {
    guard attempt < attempts, asked ?? 0 <= longestPause else { return .giveUp }
    var bound = base
    for _ in 1..<max(attempt, 1) where bound < longestPause { bound *= 2 }
    let seconds = max(random * min(bound, longestPause), asked ?? 0)
    return elapsed + seconds <= patience ? .retry(after: seconds) : .giveUp
  }
}
