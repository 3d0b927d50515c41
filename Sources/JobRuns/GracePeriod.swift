// How long a job still talks to its store after it was asked to end.
import CSystem
import Subprocess
import Synchronization

/// Some seconds that begin when a token is cancelled, and are noticed by who asks; safe to use from any
/// thread.
final class GracePeriod: Sendable {
  private let token: CancellationToken
  private let nanoseconds: Int64
  /// When the token was first seen cancelled.
  private let begun = Mutex<Int64?>(nil)

  init(_ token: CancellationToken, seconds: Int64) {
    self.token = token
    nanoseconds = seconds * 1_000_000_000
  }

  /// Whether the token was cancelled so long ago.
  var isOver: Bool {
    guard token.isCancelled else { return false }
    let now = cs_monotonic()
    return begun.withLock { begun in
      let start = begun ?? now
      begun = start
      return now - start >= nanoseconds
    }
  }
}
