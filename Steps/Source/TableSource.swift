// The rows of a table file as a relation of DuckDB, whatever the file is. It reads no value.
import AtelierStep
import DuckDB
import LearningFormats

/// A relation with the column `CanonicalCSV.line` and those that a schema wants, as the file has them.
struct TableSource {
  /// The relation in SQL; it reads `variables`.
  let relation: String
  let variables: [String: SQLValue]
  /// The types of the columns in DuckDB's words; text where one is missing.
  let types: [String: String]
  /// How a row of the file is called.
  let unit: String
  /// Rows without any value, which the relation leaves out.
  var blankRows = 0

  /// The rows of a file.
  init(
    _ path: String, _ format: TableFileFormat, _ schema: TableSchema, name: String,
    in context: StepContext
  ) throws {
    switch format {
    case .parquet: self = try Self.parquet(path, schema, name, context)
    case .csv, .workbook: self = try Self.text(path, format, schema, name, context)
    case .gzippedCSV:
      let plain = context.scratch("plain.csv")
      try Gunzip.run(path, to: plain, name: name, in: context)
      self = try Self.text(plain, format, schema, name, context)
    }
  }

  private init(
    relation: String, variables: [String: SQLValue], types: [String: String], unit: String
  ) {
    self.relation = relation
    self.variables = variables
    self.types = types
    self.unit = unit
  }

  private static func text(
    _ path: String, _ format: TableFileFormat, _ schema: TableSchema, _ name: String,
    _ context: StepContext
  ) throws -> TableSource {
    let canonical = context.scratch("canonical.csv")
    let wanted = schema.columns.map(\.name)
    let file = CanonicalCSV(
      name: name, delimiter: schema.delimiter.utf8.first ?? UInt8(ascii: ","),
      quotedRows: schema.quotedRows, ownNames: schema.header ? nil : wanted,
      countsRecords: format == .workbook)
    let summary = try file.write(path, to: canonical) { names in
      try check(names, have: wanted, name)
      return wanted.compactMap(names.firstIndex(of:))
    }
    if summary.names.isEmpty {
      throw StepFailure("\(name): the file is empty: give at least one row")
    }
    var source = TableSource(
      relation: CanonicalCSV.relation(columns: wanted), variables: ["file": .text(canonical)],
      types: [:], unit: format == .workbook ? "row" : "line")
    source.blankRows = summary.blankRows
    return source
  }

  private static func parquet(
    _ path: String, _ schema: TableSchema, _ name: String, _ context: StepContext
  ) throws -> TableSource {
    let columns = try ParquetFile.columns(path, name: name, in: context)
    try check(columns.map(\.name), have: schema.columns.map(\.name), name)
    return TableSource(
      relation:
        "(SELECT row_number() OVER () AS \(CanonicalCSV.line), * FROM \(ParquetFile.relation))",
      variables: ["file": .text(path)],
      types: Dictionary(columns.map { ($0.name, $0.type) }) { first, _ in first }, unit: "row")
  }

  private static func check(_ names: [String], have wanted: [String], _ name: String) throws {
    let missing = wanted.filter { !names.contains($0) }
    guard missing.isEmpty else {
      throw StepFailure(
        "\(name): the file lacks the column\(missing.count > 1 ? "s" : "") "
          + "\(missing.joined(separator: ", ")); it has \(names.joined(separator: ", "))")
    }
  }
}

extension CanonicalCSV {
  /// The name of the first column: no file's column has a control character.
  private static let lineName = "\u{1}line"
  /// The same in SQL.
  static let line = SQLName.quoted(lineName)

  /// A canonical file, whose path is the variable `file`, as a relation of `line` and text columns.
  static func relation(columns: [String]) -> String {
    let texts = columns.map { ", \(SQLValue.text($0).literal): 'VARCHAR'" }
    return """
      read_csv(
        getvariable('file'), auto_detect = false, header = false, delim = ',', quote = '"',
        escape = '"', nullstr = '', new_line = '\\n', max_line_size = 33554432,
        columns = {\(SQLValue.text(lineName).literal): 'BIGINT'\(texts.joined())})
      """
  }
}
