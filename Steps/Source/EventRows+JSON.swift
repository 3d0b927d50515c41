// JSON lines as rows of events: shapes are compared, and values are text until they are read.
import AtelierStep
import DuckDB
import ValueSQL

extension EventRows {
  /// Lines as objects: a byte 1 can't stand in JSON, so as a delimiter it never splits a line.
  private static let lines = """
    (SELECT row_number() OVER () AS line, text
    FROM read_csv(
      getvariable('file'), header = false, auto_detect = false, delim = '\\x01', quote = '',
      escape = '', strict_mode = false, max_line_size = 16777216, columns = {'text': 'VARCHAR'}))
    """

  static func json(_ path: String, _ columns: [EventColumn]) -> EventRows {
    let structs = EventColumn.structs(columns)
    let outer = structs.filter { $0.count == 1 }
    let identifiers = columns.filter { $0.kind == .identifier }.map(\.path)
    let texts = columns.filter { $0.kind == .text }.map(\.path)
    let values = columns.enumerated().map { index, column in
      let kind =
        identifiers.firstIndex(of: column.path).map { "kinds[\(outer.count + $0 + 1)]" }
        ?? texts.firstIndex(of: column.path).map { "textKinds[\($0 + 1)]" }
      return leaf(index, column, kind: kind ?? "NULL")
    }
    // Only a row in which a text looks like a list or an object is parsed once more.
    let suspects = texts.flatMap { path in ["[", "{"].map { "starts_with(\(sql(path)), '\($0)')" } }
    // A struct that has come has a value in it, so only where its first one is missing it is looked at.
    let inner = outer.map { top in structs.filter { $0.count > 1 && $0.starts(with: top) } }
    let innerKinds = inner.enumerated().map { index, paths in
      let isMissing = paths.compactMap { path in
        columns.first { $0.path.starts(with: path) }.map { "\(sql($0.path)) IS NULL" }
      }
      return paths.isEmpty
        ? "NULL::VARCHAR[] AS kinds\(index)"
        : "CASE WHEN kinds[\(index + 1)] = 'OBJECT' AND (\(isMissing.joined(separator: " OR "))) "
          + "THEN json_type(object, \(list(paths))) END AS kinds\(index)"
    }
    let mistakes = outer.indices.flatMap { index in
      [misshapen(outer[index], "kinds[\(index + 1)]")]
        + inner[index].indices.map { misshapen(inner[index][$0], "kinds\(index)[\($0 + 1)]") }
    }
    return EventRows(
      columns,
      relation: """
        SELECT line, \(values.joined(separator: ",\n  ")),
          CASE \(mistakes.joined(separator: " ")) END AS misshapen,
          CASE WHEN object IS NULL THEN text[:60] END AS malformed
        FROM (
          SELECT *, CASE WHEN \(suspects.joined(separator: " OR "))
            THEN json_type(object, \(list(texts))) END AS textKinds,
            \(innerKinds.joined(separator: ",\n      "))
          FROM (
            SELECT *,
              from_json(object, \(SQLValue.text(shape(columns)).literal)) AS event,
              json_type(object, \(list(outer + identifiers))) AS kinds
            FROM (
              SELECT *, CASE WHEN json_valid(text) AND regexp_matches(text, '^\\s*\\{') THEN text END AS object
              FROM \(lines) WHERE NOT regexp_full_match(text, '\\s*'))))
        """,
      variables: ["file": .text(path)], unit: "line")
  }

  /// A case that names a struct whose place holds something else, by its kind.
  private static func misshapen(_ path: [String], _ kind: String) -> String {
    "WHEN \(kind) NOT IN ('OBJECT', 'NULL') THEN "
      + SQLValue.text(path.joined(separator: ".")).literal
  }

  /// Paths of JSON as a list in SQL.
  private static func list(_ paths: [[String]]) -> String {
    let all = paths.map { path in
      SQLValue.text("$" + path.map { ".\"\($0)\"" }.joined()).literal
    }
    return "[\(all.joined(separator: ", "))]"
  }

  /// The text at a path.
  private static func sql(_ path: [String]) -> String {
    "event." + path.map(SQLName.quoted).joined(separator: ".")
  }

  /// A leaf, which is text here whatever its kind in JSON; `kind` is that of identifiers and texts.
  private static func leaf(_ index: Int, _ column: EventColumn, kind: String) -> String {
    let sql = sql(column.path)
    let given = "nullif(\(sql), '')"
    let value =
      switch column.kind {
      case .identifier:
        "CASE \(kind) WHEN 'VARCHAR' THEN \(given) WHEN 'BOOLEAN' THEN NULL "
          + "WHEN 'ARRAY' THEN NULL WHEN 'OBJECT' THEN NULL "
          + "WHEN 'DOUBLE' THEN CASE WHEN regexp_full_match(\(sql), '-?[0-9]+[.]0*') "
          + "THEN split_part(\(sql), '.', 1) "
          // 38 digits come as they are.
          + "WHEN regexp_full_match(\(sql), '-?[0-9]+') THEN \(sql) END "
          + "ELSE \(given) END"
      case .text:
        "CASE WHEN textKinds IS NULL THEN \(given) ELSE CASE \(kind) WHEN 'ARRAY' THEN NULL "
          + "WHEN 'OBJECT' THEN NULL ELSE \(given) END END"
      case .number: ValueText.number(sql)
      case .boolean: "TRY_CAST(\(sql) AS BOOLEAN)"
      case .time: ValueText.time(sql)
      }
    let shown =
      column.kind == .text ? "CASE WHEN textKinds IS NOT NULL THEN \(given) END" : given
    return "\(value) AS v\(index), \(shown) AS s\(index)"
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
