// A hostile file with its right value or sentence; the tables of them, and Tests/Hostile/README.md, list all.
import Testing

@testable import Source

/// One file, what is expected of it, and which fault it stands for.
struct HostileFile: Sendable, CustomTestStringConvertible {
  enum Form: Sendable {
    /// Bytes of a CSV file.
    case csv([UInt8])
    /// A file that `Tests/Hostile/make.py` writes.
    case made(String, sheet: String = "")
    /// A Parquet file of a query.
    case parquet(String)
  }

  enum Expected: Sendable {
    /// The rows as DuckDB prints them, without the header.
    case rows(String)
    /// A sentence in the refusal.
    case says(String)
  }

  let id: String
  let fault: String
  let form: Form
  /// The columns that are wanted, by the names below.
  let columns: [String]
  let expected: Expected

  init(
    _ id: String, _ fault: String, _ form: Form, _ columns: String, _ expected: Expected
  ) {
    self.id = id
    self.fault = fault
    self.form = form
    self.columns = columns.split(separator: "|").map(String.init)
    self.expected = expected
  }

  init(_ id: String, _ fault: String, _ text: String, _ columns: String, _ expected: Expected) {
    self.init(id, fault, .csv(Array(text.utf8)), columns, expected)
  }

  var testDescription: String { id }

  /// The types of the columns by their names.
  static let types = [
    "n": "BIGINT", "x": "DOUBLE", "f": "FLOAT", "d": "DECIMAL(10, 2)", "at": "TIMESTAMP",
    "day": "DATE", "b": "BOOLEAN",
  ]
}
