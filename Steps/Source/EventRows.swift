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
    case .json: self = try Self.json(path, columns, name, context)
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

  private init(
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
    let file = "read_parquet(getvariable('file'), binary_as_string = true)"
    let variables = ["file": SQLValue.text(path)]
    let found: [SQLColumn]
    do {
      found = try DuckDB(in: context).columns(of: file, with: variables)
    } catch let failure as StepFailure {
      throw EngineWords.failure(failure, name: name, in: context)
    }
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
        "row_number() OVER () AS line", texts, from: file,
        misshapen: misshapen.isEmpty ? "NULL" : "CASE \(misshapen.joined(separator: " ")) END"),
      variables: variables, unit: "row")
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

// MARK: - JSON

extension EventRows {
  /// Lines as objects: a byte 1 can't stand in JSON, so as a delimiter it never splits a line.
  private static let lines = """
    (SELECT row_number() OVER () AS line, text
    FROM read_csv(
      getvariable('file'), header = false, auto_detect = false, delim = '\\x01', quote = '',
      escape = '', strict_mode = false, max_line_size = 16777216, columns = {'text': 'VARCHAR'}))
    """

  private static func json(
    _ path: String, _ columns: [EventColumn], _ name: String, _ context: StepContext
  ) throws -> EventRows {
    let structs = EventColumn.structs(columns)
    let shown = columns.filter { $0.kind == .identifier }.map(\.path)
    let paths = (structs + shown).map { SQLValue.text(jsonPath($0)).literal }
    let texts = columns.enumerated().map { index, column in
      let sql = "event." + column.path.map(SQLName.quoted).joined(separator: ".")
      return leaf(
        index, column, sql, kind: shown.firstIndex(of: column.path).map { structs.count + $0 + 1 })
    }
    let misshapen = structs.enumerated().map { index, path in
      "WHEN kinds[\(index + 1)] NOT IN ('OBJECT', 'NULL') THEN "
        + SQLValue.text(path.joined(separator: ".")).literal
    }
    return EventRows(
      columns,
      relation: """
        SELECT line, \(texts.joined(separator: ",\n  ")),
          CASE \(misshapen.joined(separator: " ")) END AS misshapen,
          CASE WHEN object IS NULL THEN text[:60] END AS malformed
        FROM (
          SELECT *,
            from_json(object, \(SQLValue.text(shape(columns)).literal)) AS event,
            json_type(object, [\(paths.joined(separator: ", "))]) AS kinds
          FROM (
            SELECT *, CASE WHEN json_valid(text) THEN CASE json_type(text) WHEN 'OBJECT' THEN text END END
              AS object
            FROM \(lines) WHERE trim(text) <> ''))
        """,
      variables: ["file": .text(path)], unit: "line")
  }

  private static func jsonPath(_ path: [String]) -> String {
    "$" + path.map { ".\"\($0)\"" }.joined()
  }

  /// A leaf, which is text here whatever its kind in JSON; `kind` is the place of an identifier's.
  private static func leaf(
    _ index: Int, _ column: EventColumn, _ sql: String, kind: Int?
  ) -> String {
    let given = "nullif(\(sql), '')"
    // Only what looks like a list or an object is looked at again.
    let isNested =
      "(left(\(sql), 1) IN ('[', '{') AND json_type(object, \(SQLValue.text(jsonPath(column.path)).literal))"
      + " IN ('ARRAY', 'OBJECT'))"
    let value =
      switch column.kind {
      case .identifier:
        "CASE kinds[\(kind ?? 0)] WHEN 'VARCHAR' THEN \(given) WHEN 'BOOLEAN' THEN NULL "
          + "WHEN 'ARRAY' THEN NULL WHEN 'OBJECT' THEN NULL "
          + "WHEN 'DOUBLE' THEN CASE WHEN regexp_full_match(\(sql), '-?[0-9]+[.]0*') "
          + "THEN split_part(\(sql), '.', 1) "
          // 38 digits come as they are.
          + "WHEN regexp_full_match(\(sql), '-?[0-9]+') THEN \(sql) END "
          + "ELSE \(given) END"
      case .text: "CASE WHEN NOT \(isNested) THEN \(given) END"
      case .number: ValueText.number(sql)
      case .boolean: "TRY_CAST(\(sql) AS BOOLEAN)"
      case .time: ValueText.time(sql)
      }
    return "\(value) AS v\(index), \(given) AS s\(index)"
  }

  /// The shape of an event's object with text at every leaf.
  private static func shape(_ columns: [EventColumn]) -> String {
    func object(_ columns: [EventColumn], _ depth: Int) -> String {
      var members: [String] = []
      var done: Set<String> = []
      for column in columns where done.insert(column.path[depth]).inserted {
        let name = column.path[depth]
        let inner = columns.filter { $0.path[depth] == name }
        members.append(
          "\"\(name)\":"
            + (column.path.count == depth + 1 ? "\"VARCHAR\"" : object(inner, depth + 1)))
      }
      return "{\(members.joined(separator: ","))}"
    }
    return object(columns, 0)
  }
}
