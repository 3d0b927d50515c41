// Statements over one connection, and their rows one at a time. It knows no column's meaning.
import CLibpq
import Configuration
import HTTP

/// A session; it belongs to one thread at a time.
package final class QuerySession {
  private let connection: QueryConnection
  private let password: Secret
  /// Whether the conversation stopped in the middle, so that nothing more can be asked.
  package private(set) var isBroken = false

  /// Connects as a user; `password` is the token, which is kept nowhere but in messages' filter.
  package init(
    _ endpoint: QueryEndpoint, password: Secret, limits: QueryLimits = QueryLimits(),
    timing: Timing = .system, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(QueryFailure) {
    self.password = password
    connection = try QueryConnection(
      endpoint, password: password.reveal(), limits: limits, timing: timing,
      isCancelled: isCancelled)
  }

  /// Runs statements that are one message; `row` gets each row of the last result that has rows.
  ///
  /// `head` gets the columns before any row. Gives the number of rows. Whatever `head` and `row` throw
  /// ends the query and reaches the caller.
  @discardableResult
  package func run(
    _ statements: String, row: ([String?]) throws -> Void = { _ in },
    head: ([String]) throws -> Void = { _ in }
  ) throws -> Int {
    guard !isBroken else { throw QueryFailure(.connection, "the session ended earlier") }
    guard !statements.utf8.contains(0) else {
      throw QueryFailure(.unexpected, "a statement holds a zero byte")
    }
    do {
      return try send(statements, head, row)
    } catch {
      if (error as? QueryFailure)?.kind != .statement { drain() }
      throw error
    }
  }

  private var table: OpaquePointer { connection.library.table }

  private func send(
    _ statements: String, _ head: ([String]) throws -> Void, _ row: ([String?]) throws -> Void
  ) throws -> Int {
    guard cq_send(table, connection.pointer, statements) != 0 else {
      isBroken = true
      throw QueryFailure.ofConnection(
        connection.message(hiding: password.reveal()), to: connection.endpoint)
    }
    let end = connection.timing.elapsed() + connection.limits.querySeconds
    var reading = RowReading(limits: connection.limits)
    var failure: QueryFailure?
    while let result = try next(until: end, after: failure) {
      defer { cq_clear(table, result) }
      switch Int(cq_kind(table, result)) {
      case CQ_ROW:
        guard failure == nil else { continue }
        let columns = try reading.begin(columns(of: result), head)
        try row(try reading.take(values(of: result, columns)))
      case CQ_END_OF_ROWS:
        if failure == nil { _ = try reading.begin(columns(of: result), head) }
        reading.isAtEnd = true
      case CQ_ERROR:
        failure = failure ?? self.failure(result)
      case CQ_COMMAND: continue
      default:
        throw QueryFailure(.unexpected, "\(connection.endpoint.place) answered with no rows")
      }
    }
    if let failure { throw failure }
    return reading.rows
  }

  /// The next result; nil after the last.
  ///
  /// A connection that broke after the server said why throws what it said.
  private func next(until end: Double, after failure: QueryFailure?) throws -> OpaquePointer? {
    while true {
      let state = cq_poll(table, connection.pointer)
      if state == CQ_DONE { return cq_next(table, connection.pointer) }
      if state == CQ_FAILED {
        // What came before the connection broke is read; the last result says what happened.
        if let last = cq_next(table, connection.pointer) { return last }
        isBroken = true
        throw failure
          ?? QueryFailure.ofConnection(
            connection.message(hiding: password.reveal()), to: connection.endpoint)
      }
      try connection.wait(
        state, until: end,
        or: "the query ran longer than \(Int(connection.limits.querySeconds)) s "
          + "and was canceled; the platform ends one after 10 minutes: ask for less, or create a "
          + "table")
    }
  }

  private func failure(_ result: OpaquePointer) -> QueryFailure {
    let state = cq_state(table, result).map { String(cString: $0) }
    let text = cq_text(table, result).map { String(cString: $0) }
    let said = (text ?? connection.message()).replacing(password.reveal(), with: "<hidden>")
    // Without a state it is the connection that failed, not the statement.
    guard let state else {
      isBroken = true
      return QueryFailure.ofConnection(said, to: connection.endpoint)
    }
    let kind: QueryFailure.Kind =
      said.lowercased().contains("session limit reached") ? .sessionLimit : .statement
    return QueryFailure(kind, "Query Service: \(said)", state: state)
  }

  private func columns(of result: OpaquePointer) -> [String] {
    (0..<max(0, cq_columns(table, result))).map { column in
      cq_name(table, result, column).map { String(cString: $0) } ?? ""
    }
  }

  private func values(of result: OpaquePointer, _ columns: Int) -> [String?] {
    (0..<Int32(columns)).map { column in
      var count: Int32 = 0
      guard let bytes = cq_value(table, result, column, &count) else { return nil }
      return String(
        decoding: UnsafeRawBufferPointer(start: bytes, count: Int(max(0, count))), as: UTF8.self)
    }
  }

  /// Ends what runs: asks the server to cancel, reads what still comes, gives up after a time.
  private func drain() {
    guard !isBroken else { return }
    isBroken = true
    guard connection.cancel() else { return }
    let end = connection.timing.elapsed() + connection.limits.cancelSeconds
    while connection.timing.elapsed() < end {
      let state = cq_poll(table, connection.pointer)
      if state == CQ_FAILED { return }
      if state == CQ_DONE {
        guard let result = cq_next(table, connection.pointer) else {
          isBroken = false
          return
        }
        cq_clear(table, result)
      } else {
        _ = cq_wait(table, connection.pointer, state, connection.limits.slice)
      }
    }
  }
}
