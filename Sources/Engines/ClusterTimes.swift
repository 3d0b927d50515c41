// How long a head waits for what, and what it may have at a time. It asks nobody.

/// The settings of an engine on a cluster.
package struct ClusterSettings: Sendable {
  /// Tasks that may run at a time.
  package var mostRunning = 200
  /// Steps of known length are put together up to so many seconds.
  package var groupSeconds = 60.0
  /// Steps known to take less run on this machine: waiting for a job takes longer.
  package var hereSeconds = 0.5
  /// How often a step is tried again elsewhere after a fault of a node or of the cluster.
  package var retries = 3
  /// Seconds that a lease lives after its last renewal.
  package var lifetime = 60.0
  /// Seconds between two queries; 0: from how long a query takes.
  package var pollSeconds = 0.0

  package init() {}

  /// Milliseconds that a lease lives.
  package var milliseconds: Int64 { Int64(lifetime * 1000) }

  /// Seconds without an answer after which a task that has ended gave none.
  var patience: Double { lifetime }

  /// Seconds without a sign of life after which a task that seems to run does not.
  var silence: Double { 3 * lifetime }

  /// Seconds before a step is tried elsewhere, the first time being 1.
  func backoff(_ attempt: Int) -> Double {
    let waits = [lifetime / 12, lifetime / 2, 3 * lifetime]
    return waits[min(max(attempt, 1), waits.count) - 1]
  }
}

/// When to ask the cluster again.
struct PollClock {
  private let fixed: Double
  private(set) var interval: Double
  private static let longest = 15.0

  init(_ settings: ClusterSettings) {
    fixed = settings.pollSeconds
    interval = fixed > 0 ? fixed : 1
  }

  /// Takes in how long a query took, and whether it told anything new.
  mutating func note(seconds: Double, hasNews: Bool) {
    guard fixed <= 0 else { return }
    let least = max(1, 50 * seconds)
    interval = hasNews ? least : min(max(least, Self.longest), max(least, interval * 1.25))
  }
}
