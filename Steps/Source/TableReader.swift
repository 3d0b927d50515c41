// Reads a table file by DuckDB: finds the columns, refuses bad rows, writes Parquet.
import AtelierStep
import DuckDB
import LearningFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One reading of a table file in a running step.
struct TableReader {
  private let schema: TableSchema
  private let context: StepContext
  private let database: DuckDB
  /// Makes the table `given` with a row number and the declared columns, and the view `refused` of
  /// (line, what) for rows that do not fit.
  private let script: String
  /// How the file is called in messages.
  private let kind: String

  /// Looks at the file's columns.
  init(path: String, format: TableFileFormat, schema: TableSchema, in context: StepContext) throws {
    self.schema = schema
    self.context = context
    database = try DuckDB(in: context)
    switch format {
    case .parquet:
      kind = "Parquet file"
      script = try Self.parquet(path, schema, database)
    case .csv, .gzippedCSV:
      kind = "CSV file"
      script = try Self.text(path, isGzipped: format == .gzippedCSV, schema, database, context)
    case .workbook:
      throw StepFailure(
        "a workbook (.xlsx) is read by the step ReadWorkbook, which makes CSV of it")
    }
  }

  /// Throws with the first row that does not fit.
  func refuseBadRows() throws {
    let problem = context.scratch("problem.txt")
    try run(script + Self.checks(schema) + Self.report, ["problem": .text(problem)])
    try Self.refuse(problem, kind: kind)
  }

  /// Writes the table.
  func write(to path: String) throws {
    let number = schema.rowNumber.map { ["\(Self.row) AS \(SQLName.quoted($0))"] } ?? []
    let names = number + schema.columns.map { SQLName.quoted($0.name) }
    try run(
      script
        + """
        COPY (SELECT \(names.joined(separator: ", ")) FROM given ORDER BY \(Self.row))
        TO (getvariable('table')) (
          FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);
        """, ["table": .text(path)])
  }

  /// The name of our own column of row numbers: no file's column has a control character.
  private static let row = SQLName.quoted("\u{1}row")

  private func run(_ sql: String, _ values: [String: SQLValue]) throws {
    do {
      try database.run(sql, with: values)
    } catch let failure as StepFailure {
      throw StepFailure("the \(kind) can't be read: \(Self.cause(of: failure))")
    }
  }

  /// Throws what a script left in its file of problems.
  private static func refuse(_ path: String, kind: String) throws {
    let message = try String(contentsOfFile: path, encoding: .utf8)
    guard let line = message.split(separator: "\n").first else { return }
    throw StepFailure("the \(kind) \(line)")
  }

  /// DuckDB's words without the settings that it advises to change.
  private static func cause(of failure: StepFailure) -> String {
    let lines = failure.description.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.prefix { !$0.hasPrefix("Possible") && !$0.hasPrefix("LINE ") }
      .joined(separator: "\n")
  }
}

// MARK: - Text

extension TableReader {
  private static func text(
    _ path: String, isGzipped: Bool, _ schema: TableSchema, _ database: DuckDB,
    _ context: StepContext
  ) throws -> String {
    var path = path
    var compression = isGzipped ? "gzip" : "none"
    if schema.quotedRows {
      let bare = context.scratch("rows.csv")
      try unquoteRows(of: path, compression: compression, to: bare, database, context)
      (path, compression) = (bare, "none")
    }
    var columns = schema.columns
    if schema.header {
      let types = Dictionary(
        schema.columns.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
      let names = try header(of: path, compression: compression, schema, database, context)
      try check(names, have: schema)
      columns = names.map { TableColumn($0, types[$0] ?? "VARCHAR") }
    }
    let types = try columns.map {
      "\(SQLValue.text($0.name).literal): '\(try SQLName.type($0.type))'"
    }
    let times =
      schema.timestampFormat.map { ", timestampformat = \(SQLValue.text($0).literal)" } ?? ""
    return """
      CREATE TEMP TABLE given AS
      SELECT row_number() OVER () AS \(row), \(SQLName.list(schema.columns.map(\.name)))
      FROM read_csv(
        \(SQLValue.text(path).literal), auto_detect = false, header = \(schema.header),
        delim = \(SQLValue.text(schema.delimiter).literal), quote = '"', escape = '"', nullstr = '',
        compression = '\(compression)', max_line_size = 16777216, store_rejects = true\(times),
        columns = {\(types.joined(separator: ", "))});
      \(rejects)
      """
  }

  /// What the CSV reader could not take, by record.
  private static let rejects = """
    CREATE TEMP VIEW refused AS
    SELECT line, format('line {}, column {}: {} ({})', line,
      coalesce('''' || column_name || '''', column_idx::VARCHAR),
      regexp_replace(error_message, '^Error when converting column "[^"]*". ', ''),
      regexp_replace(csv_line, '\\s+', ' ', 'g')[:200]) AS what
    FROM reject_errors;

    """

  /// The names in the first record.
  private static func header(
    of path: String, compression: String, _ schema: TableSchema, _ database: DuckDB,
    _ context: StepContext
  ) throws -> [String] {
    let copy = context.scratch("header.csv")
    try copyLines(
      "LIMIT 1", of: path, quote: "", compression: compression, to: copy, database)
    let delimiter = schema.delimiter.utf8.first ?? UInt8(ascii: ",")
    return try CSVHeader(of: Data(contentsOf: URL(filePath: copy)), delimiter: delimiter).names
  }

  /// Takes the quotes off files whose rows are one quoted field each.
  private static func unquoteRows(
    of path: String, compression: String, to bare: String, _ database: DuckDB,
    _ context: StepContext
  ) throws {
    do {
      try copyLines("", of: path, quote: "\"", compression: compression, to: bare, database)
    } catch let failure as StepFailure {
      throw StepFailure(
        "the CSV file should have one quoted field a row, but can't be read so: "
          + cause(of: failure))
    }
  }

  /// Copies a text line by line; a byte 1 does not stand in text, so as a delimiter it splits none.
  private static func copyLines(
    _ limit: String, of path: String, quote: String, compression: String, to copy: String,
    _ database: DuckDB
  ) throws {
    try database.run(
      """
      COPY (
        SELECT line FROM read_csv(
          getvariable('file'), auto_detect = false, header = false, delim = '\\x01',
          quote = '\(quote)', escape = '\(quote)', compression = '\(compression)',
          max_line_size = 16777216, columns = {'line': 'VARCHAR'})
        \(limit)
      ) TO (getvariable('copy')) (
        FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\\x01');
      """, with: ["file": .text(path), "copy": .text(copy)])
  }
}

// MARK: - Parquet and checks

extension TableReader {
  private static func parquet(
    _ path: String, _ schema: TableSchema, _ database: DuckDB
  ) throws -> String {
    let relation = "read_parquet(\(SQLValue.text(path).literal), binary_as_string = true)"
    let description = try database.run(
      "SELECT column_name FROM (DESCRIBE FROM \(relation));")
    let names = try CSVLines.fields(description).dropFirst().compactMap(\.first)
    try check(Array(names), have: schema)
    let casts = try schema.columns.map {
      let name = SQLName.quoted($0.name)
      return "TRY_CAST(\(name) AS \(try SQLName.type($0.type))) AS \(name)"
    }
    let refusals = schema.columns.map { column in
      let name = SQLName.quoted(column.name)
      return """
        SELECT given.\(row) AS line, format('row {}, column {}: ''{}'' is no \(column.type)',
          given.\(row), \(SQLValue.text(column.name).literal), (read.\(name)::VARCHAR)[:60]) AS what
        FROM given JOIN read ON given.\(row) = read.\(row)
        WHERE given.\(name) IS NULL AND read.\(name) IS NOT NULL
        """
    }
    return """
      CREATE TEMP VIEW read AS SELECT row_number() OVER () AS \(row), * FROM \(relation);
      CREATE TEMP TABLE given AS SELECT \(row), \(casts.joined(separator: ", ")) FROM read;
      CREATE TEMP VIEW refused AS \(refusals.joined(separator: "\nUNION ALL\n"));

      """
  }

  private static func check(_ names: [String], have schema: TableSchema) throws {
    let missing = schema.columns.map(\.name).filter { !names.contains($0) }
    guard missing.isEmpty else {
      throw StepFailure(
        "the file lacks the column\(missing.count > 1 ? "s" : "") "
          + "\(missing.joined(separator: ", ")); it has \(names.joined(separator: ", "))")
    }
  }

  /// What is wrong beside the reading itself: no row, numbers that are none.
  private static func checks(_ schema: TableSchema) -> String {
    let floats = schema.columns.filter {
      ["DOUBLE", "FLOAT", "REAL", "FLOAT8", "FLOAT4"].contains($0.type.uppercased())
    }
    let numbers = floats.map { column in
      """
      UNION ALL
      SELECT \(row), format('row {}, column ''{}'': {} is not a finite number',
        \(row), \(SQLValue.text(column.name).literal), \(SQLName.quoted(column.name))::VARCHAR)
      FROM given WHERE NOT isfinite(\(SQLName.quoted(column.name)))

      """
    }
    return """
      CREATE TEMP VIEW problems AS
      SELECT line, what FROM refused
      \(numbers.joined())
      UNION ALL
      SELECT 0, 'there are no rows' WHERE NOT EXISTS (FROM given) AND NOT EXISTS (FROM refused);

      """
  }

  /// The first problem on one line, and how many there are.
  private static let report = """
    COPY (
      SELECT format('is refused: {}{}', regexp_replace(first(what ORDER BY line, what), '\\s', ' ', 'g'),
        CASE WHEN count(*) > 1 THEN format('; {} more such rows', count(*) - 1) ELSE '' END)
      FROM problems HAVING count(*) > 0
    ) TO (getvariable('problem')) (
      FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\\x01');
    """
}
