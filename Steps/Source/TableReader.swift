// Brings the rows of a table file into typed Parquet. It knows no column by name.
import AtelierStep
import DuckDB
import LearningFormats
import ValueSQL

/// One reading of a table file in a running step.
struct TableReader {
  private let schema: TableSchema
  private let source: TableSource
  private let name: String
  private let readers: [ValueReader]

  /// `source` has the file's rows as they are.
  init(_ source: TableSource, schema: TableSchema, name: String) throws {
    self.source = source
    self.schema = schema
    self.name = name
    readers = try schema.columns.map { column in
      try ValueReader(
        from: source.types[column.name] ?? "VARCHAR", to: column.type,
        timeFormat: schema.timestampFormat)
    }
  }

  /// Writes the table, or throws with the first row that does not fit.
  ///
  /// Returns what the log should say.
  func write(to path: String, in context: StepContext) throws -> String {
    let found = try EngineWords.asking(name: name, in: context) {
      JSONRow(
        try $0.rows(script, with: source.variables.merging(["table": .text(path)]) { $1 }).first
          ?? .null)
    }
    try found.refuse(name: name, unit: source.unit)
    guard found.integer("rows") > 0 else { throw StepFailure("\(name): there are no rows") }
    return "\(found.integer("rows")) rows" + times(found)
      + (source.blankRows > 0 ? "; \(source.blankRows) rows without any value passed over" : "")
  }

  /// The least and the greatest time of each column of times.
  private func times(_ found: JSONRow) -> String {
    timeColumns.map { index in
      guard let least = found.text("least\(index)"), let greatest = found.text("greatest\(index)")
      else { return "" }
      return "; \(schema.columns[index].name) from \(least) to \(greatest)"
    }.joined()
  }

  private var timeColumns: [Int] {
    schema.columns.indices.filter {
      let type = schema.columns[$0].type.uppercased()
      return type.hasPrefix("TIMESTAMP") || type == "DATE"
    }
  }

  /// Names of our own columns: no column of a file has a control character.
  private static let row = SQLName.quoted("\u{1}row")
  private static let line = CanonicalCSV.line
  private static let problem = SQLName.quoted("\u{1}problem")

  /// Makes `given` of the file's rows with a problem where one does not fit, writes the table, and
  /// says what was found in one row.
  private var script: String {
    let given = schema.columns.indices.map {
      "given.\(SQLName.quoted(schema.columns[$0].name)) AS s\($0)"
    }
    let values = readers.indices.map { "\(readers[$0].value("s\($0)")) AS v\($0)" }
    let named = schema.columns.indices.map {
      "v\($0) AS \(SQLName.quoted(schema.columns[$0].name))"
    }
    let number = schema.rowNumber.map { ["\(Self.row) AS \(SQLName.quoted($0))"] } ?? []
    let place = schema.lineNumber.map { ["\(Self.line) AS \(SQLName.quoted($0))"] } ?? []
    let names = number + place + schema.columns.map { SQLName.quoted($0.name) }
    let times = timeColumns.map { index in
      let name = SQLName.quoted(schema.columns[index].name)
      return "min(\(name))::VARCHAR AS least\(index), max(\(name))::VARCHAR AS greatest\(index)"
    }
    return """
      CREATE TEMP TABLE read AS
      SELECT row_number() OVER () AS \(Self.row), \(Self.line),
        CASE \(problems.joined(separator: "\n    ")) END AS \(Self.problem),
        \(named.joined(separator: ", "))
      FROM (
        SELECT *, \(values.joined(separator: ",\n    "))
        FROM (SELECT \(Self.line), \(given.joined(separator: ", ")) FROM \(source.relation) given));
      COPY (SELECT \(names.joined(separator: ", ")) FROM read ORDER BY \(Self.row))
      TO (getvariable('table')) (
        FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);
      SELECT count(*) AS rows, count(\(Self.problem)) AS problems,
        arg_min(\(Self.problem), \(Self.line)) AS what,
        min(\(Self.line)) FILTER (\(Self.problem) IS NOT NULL) AS line
        \(times.map { ", \($0)" }.joined())
      FROM read;
      """
  }

  private var problems: [String] {
    let unfit = schema.columns.indices.map { index in
      "WHEN \(readers[index].isUnfit("s\(index)", value: "v\(index)")) THEN "
        + "\(Self.words("column '\(schema.columns[index].name)': '")) || (s\(index)::VARCHAR)[:60] || "
        + Self.words("' is not \(readers[index].expected)")
    }
    let empty = schema.columns.indices.filter { schema.required.contains(schema.columns[$0].name) }
      .map { index in
        "WHEN v\(index) IS NULL THEN "
          + Self.words(
            "column '\(schema.columns[index].name)': empty; every row needs a value of it")
      }
    return unfit + empty
  }

  private static func words(_ text: String) -> String { SQLValue.text(text).literal }
}
