// The columns of a Parquet file with their types. It reads no row.
import AtelierStep
import DuckDB
import ValueSQL

/// A table's columns in their order.
struct TableColumns {
  let all: [SQLColumn]

  init(of path: String, _ database: DuckDB) throws {
    all = try database.columns(
      of: "read_parquet(getvariable('table'))", with: ["table": .text(path)]
    )
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

  subscript(_ name: String) -> SQLColumn? { all.first { $0.name == name } }
}

extension SQLColumn {
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
  /// Numbers are seconds, and times without a zone are UTC; text is either.
  func seconds() throws -> String {
    let quoted = SQLName.quoted(name)
    if isNumber { return ValueText.seconds(number: quoted) }
    if type.hasPrefix("TIMESTAMP") || type == "DATE" { return "epoch(\(quoted))" }
    guard type == "VARCHAR" else {
      throw StepFailure(
        "the column '\(name)' is a \(type); a time is a number of seconds since 1970, a TIMESTAMP or "
          + "text")
    }
    return "coalesce(\(ValueText.seconds(number: ValueText.number(quoted))), "
      + "epoch(\(ValueText.time(quoted, years: ValueText.recordYears))))"
  }
}
