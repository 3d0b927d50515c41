// A clock that only its own sleepers move, so that no test waits.
import HTTP
import Synchronization

/// Time that passes when somebody sleeps.
package final class TestClock: Sendable {
  private let seconds = Mutex(0.0)
  private let start: Int64 = 1_800_000_000

  package init() {}

  /// Seconds slept so far.
  package var elapsed: Double { seconds.withLock { $0 } }

  package func advance(_ more: Double) { seconds.withLock { $0 += more } }

  package var timing: Timing {
    Timing(
      now: { UnixTime(seconds: self.start + Int64(self.elapsed)) }, elapsed: { self.elapsed },
      sleep: { self.advance($0) }, random: { 0.5 })
  }
}
