// Brings columns of a Parquet file into reach of NumberRows. It knows no column by name.
import AtelierStep
import DuckDB

/// A table whose columns are read as numbers.
struct NumberTable {
  private let path: String
  private let database: DuckDB
  /// The table's columns by name, with their types.
  private let types: [String: String]

  init(_ path: String, in context: StepContext) throws {
    self.path = path
    database = try DuckDB(in: context)
    let description = try database.run(
      "SELECT column_name || chr(9) || column_type AS c FROM (DESCRIBE FROM \(Self.relation));",
      with: ["table": .text(path)])
    types = Dictionary(
      description.split(separator: "\n").dropFirst().compactMap { line in
        let parts = line.drop { $0 == "\"" }.split(separator: "\t")
        guard parts.count == 2 else { return nil }
        return (String(parts[0]), String(parts[1].prefix { $0 != "\"" }))
      }, uniquingKeysWith: { first, _ in first })
  }

  private static let relation = "read_parquet(getvariable('table'))"

  /// Writes rows for `NumberRows`: the numbers, then the text columns as one or several CSV fields.
  ///
  /// Throws a `StepFailure` for a column that is not there, and for one that holds no numbers.
  func write(numbers: [String], texts: [String] = [], to csv: String) throws {
    let missing = (numbers + texts).filter { types[$0] == nil }
    guard missing.isEmpty else {
      throw StepFailure(
        "the table lacks the column\(missing.count > 1 ? "s" : "") "
          + "\(missing.joined(separator: ", ")); it has \(types.keys.sorted().joined(separator: ", "))"
      )
    }
    for name in numbers where !Self.isNumeric(types[name] ?? "") {
      throw StepFailure("the column '\(name)' is a \(types[name] ?? "?"), a number is needed")
    }
    let columns =
      numbers.map { name in
        types[name] == "BOOLEAN" ? "\(SQLName.quoted(name))::INTEGER" : SQLName.quoted(name)
      } + texts.map(SQLName.quoted)
    try database.run(
      """
      COPY (SELECT \(columns.joined(separator: ", ")) FROM \(Self.relation))
      TO (getvariable('csv')) (FORMAT csv, HEADER false);
      """, with: ["table": .text(path), "csv": .text(csv)])
  }

  private static func isNumeric(_ type: String) -> Bool {
    [
      "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
      "UBIGINT", "FLOAT", "DOUBLE", "BOOLEAN",
    ].contains(type) || type.hasPrefix("DECIMAL")
  }
}
