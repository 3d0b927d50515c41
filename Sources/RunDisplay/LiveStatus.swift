// What the live view shows of a run, as values.

/// A step that runs now.
package struct RunningStep: Sendable, Equatable {
  package var name: String
  /// When it began, in seconds of any one clock.
  package var since: Double
  /// How much of it is done, 0 to 1, if it tells.
  package var fraction: Double?
  /// The seconds that it should take, if that is known.
  package var expected: Double?
  /// What it does besides running, for example `waits for another run`.
  package var note: String?
}

/// The state of a run.
package struct LiveStatus: Sendable, Equatable {
  package var workshop: String
  /// Nodes of all kinds.
  package var total = 0
  package var done = 0
  package var hits = 0
  package var built = 0
  package var failed = 0
  package var skipped = 0
  package var began = 0.0
  /// In the order of their beginning.
  package var running: [RunningStep] = []
  /// The seconds left; nil where nobody knows.
  package var left: Double?
  /// A signal came, and what runs is being ended.
  package var isStopping = false
}
