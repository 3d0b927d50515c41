// What is wrong with the rows of an event file, in SQL. It knows no format.
import DuckDB

/// Scripts around `given`: each row of the file with its values, and the first thing wrong with it.
struct EventCheck {
  let rows: EventRows

  /// Makes `given` of the file's rows, and `dropped` of those whose `_id` came before.
  var given: String {
    let named = rows.columns.indices.map {
      "v\($0) AS \(SQLName.quoted(rows.columns[$0].name))"
    }
    return """
      CREATE TEMP TABLE given AS
      SELECT line, \(named.joined(separator: ", ")),
        CASE \(problems.joined(separator: "\n    ")) END AS problem
      FROM (\(rows.relation));
      CREATE TEMP TABLE repeated AS
      SELECT _id, list_sort(list(line)) AS places
      FROM given JOIN (
        SELECT _id FROM given WHERE _id IS NOT NULL GROUP BY _id HAVING count(*) > 1) USING (_id)
      GROUP BY _id;
      CREATE TEMP TABLE dropped AS SELECT unnest(places[2:]) AS line FROM repeated;

      """
  }

  /// The first problem and the counts, in one row.
  static let report = """
    SELECT rows, problems, what, line, least, greatest, repeated, first, second,
      (SELECT count(*) FROM dropped) AS dropped
    FROM (
      SELECT count(*) AS rows, count(problem) AS problems, arg_min(problem, line) AS what,
        min(line) FILTER (problem IS NOT NULL) AS line,
        min("timestamp")::VARCHAR AS least, max("timestamp")::VARCHAR AS greatest
      FROM given)
    LEFT JOIN (
      SELECT _id[:60] AS repeated, places[1] AS first, places[2] AS second
      FROM repeated ORDER BY places[1] LIMIT 1) ON true;
    """

  private var problems: [String] {
    let shapes = [
      "WHEN malformed IS NOT NULL THEN '''' || malformed || ''' is not a JSON object; give one object a line'",
      "WHEN misshapen IS NOT NULL THEN 'column ''' || misshapen || ''': the value is not a struct; give "
        + "one or nothing'",
    ]
    let values = rows.columns.indices.flatMap { index in
      let column = rows.columns[index]
      let name = "column '\(column.name)': "
      let unfit =
        "WHEN v\(index) IS NULL AND s\(index) IS NOT NULL THEN "
        + "\(Self.words(name + "'")) || s\(index)[:60] || \(Self.words("' is not \(column.expected)"))"
      let empty =
        "WHEN v\(index) IS NULL THEN \(Self.words(name + "empty; every event needs a value of it"))"
      return column.isRequired ? [unfit, empty] : [unfit]
    }
    return shapes + values
  }

  private static func words(_ text: String) -> String { SQLValue.text(text).literal }
}
