// The question to DuckDB that summarises a table, and its answer as values. It starts no program.
import Content

/// Summarises a table: rows, columns with types, and how each column's values are distributed.
package enum TableSummary {
  /// A text is kept to this length.
  private static let longest = 60
  /// So many of a column's commonest values are kept.
  private static let commonest = 3

  /// The query for what an SQL table function gives, for example `read_parquet(['a'])`.
  ///
  /// Counts and quantiles are exact, never estimates, so that the same table gives the same numbers.
  package static func query(_ source: String) -> String {
    """
    WITH source AS (SELECT * FROM \(source)),
    types AS (
      SELECT column_name AS c, column_type AS t, row_number() OVER () AS position
      FROM (DESCRIBE SELECT * FROM \(source))),
    cells AS (FROM source UNPIVOT (v FOR c IN (COLUMNS(*)::VARCHAR))),
    counts AS (
      SELECT c, v, count(*) AS n FROM cells GROUP BY c, v
      QUALIFY row_number() OVER (PARTITION BY c ORDER BY count(*) DESC, v) <= \(commonest)),
    tops AS (
      SELECT c, to_json(list({'v': left(v, \(longest)), 'n': n} ORDER BY n DESC, v)) AS top
      FROM counts WHERE n > 1 GROUP BY c),
    numbered AS (SELECT c, v, TRY_CAST(v AS DOUBLE) AS x FROM cells),
    stats AS (
      SELECT c, count(*) AS present, count(DISTINCT v) AS uniq,
        left(min(v), \(longest)) AS low, left(max(v), \(longest)) AS high,
        min(x) AS xlow, max(x) AS xhigh, avg(x) AS mean, quantile_cont(x, 0.25) AS p25,
        quantile_cont(x, 0.5) AS p50, quantile_cont(x, 0.75) AS p75
      FROM numbered GROUP BY c)
    SELECT types.c, types.t, (SELECT count(*) FROM source), coalesce(present, 0),
      coalesce(uniq, 0), low, high, xlow, xhigh, mean, p25, p50, p75, top
    FROM types LEFT JOIN stats USING (c) LEFT JOIN tops USING (c) ORDER BY position
    """
  }

  /// The values that the query's rows give, a row a column; nil where they are of another form.
  package static func values(_ rows: [[String]]) -> OutputValues? {
    guard let first = rows.first, first.count == 14, let count = Int64(first[2]) else { return nil }
    return OutputValues(rows: count, columns: rows.compactMap { column($0, of: count) })
  }

  private static func column(_ row: [String], of count: Int64) -> Column? {
    guard row.count == 14, let present = Int64(row[3]), let distinct = Int64(row[4]) else {
      return nil
    }
    var values: [String: JSONValue] = [
      "nulls": .integer(count - present), "distinct": .integer(distinct),
    ]
    let isNumeric = numericTypes.contains { row[1].hasPrefix($0) }
    if present > 0 {
      values["min"] = isNumeric ? number(row[7]) : .string(row[5])
      values["max"] = isNumeric ? number(row[8]) : .string(row[6])
    }
    if isNumeric {
      for (name, position) in [("mean", 9), ("p25", 10), ("p50", 11), ("p75", 12)]
      where !row[position].isEmpty {
        values[name] = number(row[position])
      }
    } else if let top = try? JSONValue(parsing: row[13]).array {
      values["top"] = .object(
        Dictionary(
          top.compactMap { item in
            item["v"]?.string.flatMap { text in item["n"].map { (text, $0) } }
          }, uniquingKeysWith: { first, _ in first }))
    }
    return Column(name: row[0], type: row[1], values: values)
  }

  private static let numericTypes = [
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
    "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL",
  ]

  /// A number, or the text of what JSON has no number for.
  private static func number(_ text: String) -> JSONValue {
    guard let value = Double(text), value.isFinite else { return .string(text) }
    return .number(value)
  }
}
