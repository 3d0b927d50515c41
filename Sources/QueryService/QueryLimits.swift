// How long and how much: every bound of a query is a value that tests replace.

/// The bounds of sessions and queries.
package struct QueryLimits: Sendable, Hashable {
  /// Seconds until a connection that is not made is given up.
  package var connectSeconds = 30.0
  /// Seconds after which a query is canceled: the platform ends one after ten minutes.
  package var querySeconds = 530.0
  /// Seconds that a canceled query has until its session is closed.
  package var cancelSeconds = 10.0
  /// The pause before a session is tried for again when all are in use, and how long to try.
  package var sessionPause = 10.0
  package var sessionPatience = 600.0
  /// How many sessions this process has at most: the platform allows five queries at once.
  package var sessions = 4
  /// Rows that a result may have.
  package var rows = 10_000_000
  /// Columns of a result, and bytes of one row and of a whole result.
  package var columns = 1000
  package var rowBytes = 1 << 24
  package var bytes = 1 << 31
  /// Where the platform cuts an interactive result in silence.
  package var cut = 50_000
  /// Milliseconds between two looks at the clock and at the wish to stop.
  package var slice: Int32 = 100

  package init() {}
}
