// The columns of a Parquet file with their types. It reads no row.
import AtelierStep
import Content
import DuckDB

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A table's columns in their order.
struct TableColumns {
  /// A column and its type in DuckDB's words.
  struct Column: Hashable {
    let name: String
    let type: String

    /// Any of the types for whole numbers.
    var isWhole: Bool {
      [
        "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
        "UBIGINT", "UHUGEINT",
      ].contains(type)
    }

    var isNumber: Bool {
      isWhole || ["FLOAT", "DOUBLE"].contains(type) || type.hasPrefix("DECIMAL")
    }

    /// The column as seconds since 1970 in an SQL expression: null where it is no time.
    ///
    /// Numbers are seconds; times without a zone are UTC; text is either.
    func seconds() throws -> String {
      let quoted = SQLName.quoted(name)
      if isNumber { return "\(quoted)::DOUBLE" }
      if type.hasPrefix("TIMESTAMP") || type == "DATE" { return "epoch(\(quoted))" }
      guard type == "VARCHAR" else {
        throw StepFailure(
          "the column '\(name)' is a \(type); a time is a number of seconds since 1970, a TIMESTAMP or "
            + "text")
      }
      return "coalesce(TRY_CAST(\(quoted) AS DOUBLE), epoch(TRY_CAST(\(quoted) AS TIMESTAMP)))"
    }
  }

  let all: [Column]

  init(of path: String, _ database: DuckDB, in context: StepContext) throws {
    let list = context.scratch("columns.json")
    try database.run(
      """
      COPY (
        SELECT to_json(list({'name': column_name, 'type': column_type}))
        FROM (DESCRIBE FROM read_parquet(getvariable('table')))
      ) TO (getvariable('list')) (\(ProblemReport.plainText));
      """, with: ["table": .text(path), "list": .text(list)])
    let json = try JSONValue(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: list))))
    all = (json.array ?? []).map {
      Column(name: $0["name"]?.string ?? "", type: $0["type"]?.string ?? "")
    }
  }

  /// Throws a `StepFailure` that names the columns which are not there.
  func check(have names: [String], in table: String) throws {
    let missing = names.filter { self[$0] == nil }
    guard missing.isEmpty else {
      throw StepFailure(
        "the \(table) lacks the column\(missing.count > 1 ? "s" : "") "
          + "\(missing.joined(separator: ", ")); it has "
          + all.map(\.name).joined(separator: ", "))
    }
  }

  subscript(_ name: String) -> Column? { all.first { $0.name == name } }
}
