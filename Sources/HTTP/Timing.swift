// The clock, the sleep and the random numbers of clients, as values: tests give their own.

/// The clock, the sleeping and the chance that clients use.
package struct Timing: Sendable {
  /// The wall clock.
  package var now: @Sendable () -> UnixTime
  /// Seconds of a clock that only goes forward.
  package var elapsed: @Sendable () -> Double
  /// Sleeps for so many seconds, which are few: a long pause is made of many sleeps.
  package var sleep: @Sendable (Double) -> Void
  /// A number from 0 up to 1.
  package var random: @Sendable () -> Double

  package init(
    now: @escaping @Sendable () -> UnixTime, elapsed: @escaping @Sendable () -> Double,
    sleep: @escaping @Sendable (Double) -> Void, random: @escaping @Sendable () -> Double
  ) {
    self.now = now
    self.elapsed = elapsed
    self.sleep = sleep
    self.random = random
  }

  /// Sleeps in slices, so that a cancellation is seen soon; false when it was cancelled.
  package func pause(_ seconds: Double, unless isCancelled: () -> Bool) -> Bool {
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
