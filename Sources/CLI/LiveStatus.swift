// What the live view shows of a run, as values.

/// A step that runs now.
struct RunningStep: Sendable, Equatable {
  var name: String
  /// When it began, in seconds of any one clock.
  var since: Double
  /// How much of it is done, 0 to 1, if it tells.
  var fraction: Double?
  /// The seconds that it should take, if that is known.
  var expected: Double?
  /// What it does besides running, for example `waits for another run`.
  var note: String?
}

/// The state of a run.
struct LiveStatus: Sendable, Equatable {
  var workshop: String
  /// Nodes of all kinds.
  var total = 0
  var done = 0
  var hits = 0
  var built = 0
  var failed = 0
  var skipped = 0
  var began = 0.0
  /// In the order of their beginning.
  var running: [RunningStep] = []
  /// The seconds left; nil where nobody knows.
  var left: Double?
  /// A signal came, and what runs is being ended.
  var isStopping = false
}
