// The rows of one result while they come: how many, how wide, how large in all.

/// What has been read of a result.
struct RowReading {
  let limits: QueryLimits
  private(set) var rows = 0
  private var bytes = 0
  private var columns: [String]?
  /// Whether a whole result was read: another one is not wanted.
  var isAtEnd = false

  init(limits: QueryLimits) { self.limits = limits }

  /// Takes the columns of a row or of the end of a result; `head` gets those of the first.
  ///
  /// Gives their number.
  mutating func begin(_ names: [String], _ head: ([String]) throws -> Void) throws -> Int {
    if let columns {
      guard columns == names, !isAtEnd else {
        throw QueryFailure(.unexpected, "two results came for one query")
      }
      return names.count
    }
    guard names.count <= limits.columns else {
      throw QueryFailure(
        .tooLarge, "the result has \(names.count) columns; expected at most \(limits.columns)")
    }
    columns = names
    try head(names)
    return names.count
  }

  /// Counts a row and gives it back.
  mutating func take(_ row: [String?]) throws -> [String?] {
    rows += 1
    let width = row.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
    bytes += width
    guard rows <= limits.rows, width <= limits.rowBytes, bytes <= limits.bytes else {
      throw QueryFailure(
        .tooLarge,
        "row \(rows) is too much: expected at most \(limits.rows) rows, \(limits.rowBytes) bytes a "
          + "row and \(limits.bytes) bytes in all; ask for less, or create a table")
    }
    return row
  }
}
