// One row of an answer of DuckDB, with its values by column.
import Content

/// A row of an answer.
struct JSONRow {
  private let row: JSONValue

  init(_ row: JSONValue) { self.row = row }

  /// A text; nil for null.
  func text(_ column: String) -> String? { row[column]?.string }

  /// A whole number; 0 for null.
  func integer(_ column: String) -> Int64 {
    switch row[column] {
    case .integer(let value): value
    case .number(let value): Int64(exactly: value) ?? 0
    default: 0
    }
  }
}
