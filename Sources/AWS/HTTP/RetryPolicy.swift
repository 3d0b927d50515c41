// Whether and when to try again. It sends nothing and reads no clock.

/// The clock, the sleeping and the chance that clients use.
public struct Timing: Sendable {
  /// The wall clock.
  public var now: @Sendable () -> UnixTime
  /// Seconds of a clock that only goes forward.
  public var elapsed: @Sendable () -> Double
  /// Sleeps for so many seconds, which are few: a long pause is made of many sleeps.
  public var sleep: @Sendable (Double) -> Void
  /// A number from 0 up to 1.
  public var random: @Sendable () -> Double

  public init(
    now: @escaping @Sendable () -> UnixTime, elapsed: @escaping @Sendable () -> Double,
    sleep: @escaping @Sendable (Double) -> Void, random: @escaping @Sendable () -> Double
  ) {
    self.now = now
    self.elapsed = elapsed
    self.sleep = sleep
    self.random = random
  }

  /// Sleeps in slices, so that a cancellation is seen soon; false when it was cancelled.
  public func pause(_ seconds: Double, unless isCancelled: () -> Bool) -> Bool {
    var left = seconds
    while left > 0 {
      guard !isCancelled() else { return false }
      let slice = min(left, 0.1)
      sleep(slice)
      left -= slice
    }
    return !isCancelled()
  }
}

/// How often and how patiently a request is tried again.
public struct RetryPolicy: Sendable, Hashable {
  /// Attempts in all.
  public var attempts = 6
  /// Seconds: the first pause is at most this, each next one at most twice the last.
  public var base = 0.2
  /// The longest pause in seconds; a server that asks for a longer one is not tried again.
  public var longestPause = 30.0
  /// No attempt begins later than so many seconds after the first.
  public var patience = 300.0

  public init() {}

  /// One attempt and no more.
  public static var never: RetryPolicy {
    var policy = RetryPolicy()
    policy.attempts = 1
    return policy
  }

  /// What to do after an attempt that failed.
  enum Verdict: Hashable {
    case giveUp
    /// Pause, then try again.
    case retry(after: Double)
    /// Get other credentials, then try again at once.
    case refresh
  }

  /// The verdict on an answer that is no success.
  ///
  /// `attempt` counts from 1, `elapsed` is seconds since the first began, and `refreshed` tells
  /// whether other credentials were fetched before.
  func verdict(
    on fault: ServiceFault, attempt: Int, elapsed: Double, refreshed: Bool, random: Double
  ) -> Verdict {
    if fault.meansExpiredCredentials { return refreshed ? .giveUp : .refresh }
    guard fault.isTransient else { return .giveUp }
    return pause(attempt, elapsed, random, asked: fault.retryAfter)
  }

  /// The verdict on an exchange that did not take place.
  func verdict(
    on failure: TransportFailure, attempt: Int, elapsed: Double, random: Double
  ) -> Verdict {
    failure.isTransient ? pause(attempt, elapsed, random, asked: nil) : .giveUp
  }

  /// Full jitter: anything up to the bound, but never less than the server asked for.
  private func pause(
    _ attempt: Int, _ elapsed: Double, _ random: Double, asked: Double?
  ) -> Verdict {
    guard attempt < attempts, asked ?? 0 <= longestPause else { return .giveUp }
    var bound = base
    for _ in 1..<max(attempt, 1) where bound < longestPause { bound *= 2 }
    let seconds = max(random * min(bound, longestPause), asked ?? 0)
    return elapsed + seconds <= patience ? .retry(after: seconds) : .giveUp
  }
}
