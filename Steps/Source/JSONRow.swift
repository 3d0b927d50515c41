// One row of an answer of DuckDB, with its values by column.
import AtelierStep
import Content

/// A row of an answer.
struct JSONRow {
  private let row: JSONValue

  init(_ row: JSONValue) { self.row = row }

  /// A text; nil for null.
  func text(_ column: String) -> String? { row[column]?.string }

  /// A whole number; 0 for null.
  func integer(_ column: String) -> Int64 { row[column]?.integer ?? 0 }

  /// Throws where a row does not fit, with the place of the first.
  func refuse(name: String, unit: String) throws {
    guard let what = text("what") else { return }
    let others = integer("problems") - 1
    throw StepFailure(
      "\(name), \(unit) \(integer("line")), \(what)"
        + (others > 0 ? "; \(others) more row\(others == 1 ? "" : "s") with such a fault" : ""))
  }
}
