// The rows of an event file as a relation of DuckDB: each column of an event as the file has it.
import AtelierStep
import DuckDB
import ValueSQL

/// A relation with the column `line`, and for each column of an event a value and what is wrong with it.
///
/// Column `n` of an event is `v<n>`; `s<n>` is what the file has, as text for a message. `misshapen`
/// names a struct that holds something else.
struct EventRows {
  let columns: [EventColumn]
  let relation: String
  let variables: [String: SQLValue]
  /// How a row of the file is called.
  let unit: String
  /// Rows of text without any value, which the relation leaves out.
  var blankRows = 0

  /// The rows of a file in a format.
  init(
    _ path: String, _ format: EventFileFormat, _ columns: [EventColumn], name: String,
    in context: StepContext
  ) throws {
    switch format {
    case .parquet: self = try Self.parquet(path, columns, name, context)
    case .csv: self = try Self.csv(path, columns, name, context)
    case .json: self = Self.json(path, columns)
    }
  }

  /// No rows at all.
  init(none columns: [EventColumn]) {
    let texts = columns.enumerated().map { Self.missing($0, $1) }
    self.init(
      columns,
      relation: Self.select("0::BIGINT AS line", texts, from: "(SELECT 1 WHERE false)"),
      variables: [:], unit: "line")
  }

  init(
    _ columns: [EventColumn], relation: String, variables: [String: SQLValue], unit: String
  ) {
    self.columns = columns
    self.relation = relation
    self.variables = variables
    self.unit = unit
  }

  // MARK: CSV

  private static func csv(
    _ path: String, _ columns: [EventColumn], _ name: String, _ context: StepContext
  ) throws -> EventRows {
    let canonical = context.scratch("canonical.csv")
    var present: [EventColumn] = []
    let summary = try CanonicalCSV(name: name).write(path, to: canonical) { names in
      try check(names, columns, name)
      present = columns.filter { names.contains($0.name) }
      return present.compactMap { names.firstIndex(of: $0.name) }
    }
    // A file of no bytes, as writers leave one for a partition without rows.
    guard !summary.names.isEmpty else { return EventRows(none: columns) }
    let texts = try columns.enumerated().map { index, column in
      guard present.contains(column) else { return missing(index, column) }
      return try taken(index, column, SQLName.quoted(column.name), type: "VARCHAR")
    }
    var rows = EventRows(
      columns,
      relation: select(
        "\(CanonicalCSV.line) AS line", texts,
        from: CanonicalCSV.relation(columns: present.map(\.name))),
      variables: ["file": .text(canonical)], unit: "line")
    rows.blankRows = summary.blankRows
    return rows
  }

  private static func check(_ names: [String], _ columns: [EventColumn], _ name: String) throws {
    for path in EventColumn.structs(columns) {
      let struct_ = path.joined(separator: ".")
      if names.contains(struct_), let field = columns.first(where: { $0.path.starts(with: path) }) {
        throw StepFailure(
          "\(name): the header has the column '\(struct_)', which is a struct; give its fields as columns "
            + "of their own, such as '\(field.name)'")
      }
    }
    try require(columns.filter { $0.isRequired && !names.contains($0.name) }, names, name)
  }

  private static func require(
    _ missing: [EventColumn], _ names: [String], _ name: String
  ) throws {
    guard let first = missing.first else { return }
    throw StepFailure(
      "\(name): the file has no column '\(first.name)'; it has: \(names.joined(separator: ", "))")
  }

  // MARK: Parquet

  private static func parquet(
    _ path: String, _ columns: [EventColumn], _ name: String, _ context: StepContext
  ) throws -> EventRows {
    let found = try ParquetFile.columns(path, name: name, in: context)
    var blocked: [String: String] = [:]
    var absent: [EventColumn] = []
    let texts = try columns.enumerated().map { index, column in
      switch NestedType.find(column.path, in: found) {
      case .value(let sql, let type): return try taken(index, column, sql, type: type)
      case .structure(let sql):
        return "NULL::\(column.type) AS v\(index), \(sql)::VARCHAR AS s\(index)"
      case .blocked(let sql, let depth):
        blocked[column.path[..<depth].joined(separator: ".")] = sql
        return missing(index, column)
      case .missing:
        absent.append(column)
        return missing(index, column)
      }
    }
    try require(absent.filter(\.isRequired), found.map(\.name), name)
    let misshapen = blocked.sorted { $0.key < $1.key }
      .map { "WHEN \($0.value) IS NOT NULL THEN \(SQLValue.text($0.key).literal)" }
    return EventRows(
      columns,
      relation: select(
        "row_number() OVER () AS line", texts, from: ParquetFile.relation,
        misshapen: misshapen.isEmpty ? "NULL" : "CASE \(misshapen.joined(separator: " ")) END"),
      variables: ["file": .text(path)], unit: "row")
  }

  // MARK: Columns

  /// A value as the file has it, read as the column's kind.
  private static func taken(
    _ index: Int, _ column: EventColumn, _ sql: String, type: String
  ) throws -> String {
    let reader = try ValueReader(from: type, to: column.type, years: ValueText.eventYears)
    var value = reader.value(sql)
    // A truth is no identifier, and neither is a number with a fraction.
    if column.kind == .identifier, ["BOOLEAN", "DATE"].contains(type) { value = "NULL::VARCHAR" }
    if column.kind == .identifier, ["DOUBLE", "FLOAT"].contains(type) {
      value = "CASE WHEN \(sql) = trunc(\(sql)) THEN \(value) END"
    }
    let given = type == "VARCHAR" ? "nullif(\(sql), '')" : "\(sql)::VARCHAR"
    return "\(value) AS v\(index), \(given) AS s\(index)"
  }

  private static func missing(_ index: Int, _ column: EventColumn) -> String {
    "NULL::\(column.type) AS v\(index), NULL::VARCHAR AS s\(index)"
  }

  private static func select(
    _ line: String, _ columns: [String], from relation: String, misshapen: String = "NULL"
  ) -> String {
    """
    SELECT \(line), \(columns.joined(separator: ",\n  ")),
      (\(misshapen))::VARCHAR AS misshapen, NULL::VARCHAR AS malformed
    FROM \(relation)
    """
  }
}
