// SELECTs of Query Service: sessions, patience, and whether all rows came. It knows no column's meaning.
import Configuration
import HTTP

/// Asks Query Service for rows; many threads may share one client.
///
/// Each question has a session of its own, with the token as it is then: a session lives no longer
/// than its token.
package struct QueryClient: Sendable {
  private let endpoint: @Sendable () throws -> QueryEndpoint
  private let token: @Sendable () throws -> Secret
  private let limits: QueryLimits
  private let timing: Timing
  private let isCancelled: @Sendable () -> Bool
  private let gate: QueryGate

  /// A client; `endpoint` and `token` are asked for each session.
  package init(
    endpoint: @escaping @Sendable () throws -> QueryEndpoint,
    token: @escaping @Sendable () throws -> Secret, limits: QueryLimits = QueryLimits(),
    timing: Timing = .system, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.endpoint = endpoint
    self.token = token
    self.limits = limits
    self.timing = timing
    self.isCancelled = isCancelled
    gate = QueryGate(places: limits.sessions)
  }

  /// The rows of one SELECT, its values in the order of `columns`; gives their number.
  ///
  /// `query` has no semicolon at its end and no `LIMIT 0`: that is added, since the platform would
  /// cut the result in silence. A result of exactly the length of the cut is counted again.
  @discardableResult
  package func select(
    _ query: String, columns: [String], row: ([String?]) throws -> Void
  ) throws -> Int {
    try withSession { session in
      var order: [Int]?
      let rows = try session.run(
        query + "\nLIMIT 0", row: { values in try row((order ?? []).map { values[$0] }) },
        head: { order = try Self.order(of: columns, in: $0) })
      if rows == limits.cut { try check(session, query, rows) }
      return rows
    }
  }

  /// The rows of one SELECT in memory: for answers that are known to be short.
  package func rows(of query: String, columns: [String], most: Int = 100_000) throws -> [[String?]]
  {
    var rows: [[String?]] = []
    try select(query, columns: columns) { row in
      guard rows.count < most else {
        throw QueryFailure(.tooLarge, "more than \(most) rows came; expected fewer")
      }
      rows.append(row)
    }
    return rows
  }

  private func withSession<Answer>(_ body: (QuerySession) throws -> Answer) throws -> Answer {
    let start = timing.elapsed()
    while true {
      do {
        return try gate.withPlace(timing, isCancelled) {
          let session = try QuerySession(
            try endpoint(), password: try token(), limits: limits, timing: timing,
            isCancelled: isCancelled)
          return try body(session)
        }
      } catch {
        guard let failure = error as? QueryFailure, failure.kind == .sessionLimit,
          timing.elapsed() - start + limits.sessionPause <= limits.sessionPatience
        else { throw error }
        guard timing.pause(limits.sessionPause, unless: isCancelled) else {
          throw QueryFailure(.cancelled, "cancelled")
        }
      }
    }
  }

  /// Throws unless a count gives as many rows as came.
  private func check(_ session: QuerySession, _ query: String, _ rows: Int) throws {
    var counted: Int?
    try session.run(
      "SELECT count(*) AS rows FROM (\n\(query)\n) AS counted",
      row: { counted = $0.first.flatMap { $0 }.flatMap { Int($0) } })
    guard counted == rows else {
      throw QueryFailure(
        .cut,
        "Query Service sent \(rows) of \(counted.map(String.init) ?? "an unknown number of") rows, "
          + "though LIMIT 0 asked for all; create a table instead")
    }
  }

  /// Where each of the wanted columns is among those that came.
  private static func order(of columns: [String], in given: [String]) throws -> [Int] {
    let places = Dictionary(given.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    let order = columns.compactMap { places[$0] }
    guard order.count == columns.count, given.count == columns.count else {
      throw QueryFailure(
        .unexpected,
        "Query Service sent the columns \(given.joined(separator: ", ")); expected "
          + columns.joined(separator: ", "))
    }
    return order
  }
}
