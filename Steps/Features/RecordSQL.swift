// The encoding of records in SQL: the values of features, and what is wrong with a row.
import AtelierStep
import DuckDB
import ValueSQL

/// Scripts over one table, whose path is the variable `table`.
struct RecordSQL {
  private let encoding: RecordEncoding
  private let row: String
  private let line: String
  private let place: RowPlace
  private let columns: TableColumns

  init(
    _ encoding: RecordEncoding, rowNumber: String, lineNumber: String, place: RowPlace,
    columns: TableColumns
  ) throws {
    self.encoding = encoding
    let row = SQLName.quoted(rowNumber)
    self.row = row
    line = SQLName.quoted(lineNumber)
    self.place = place
    self.columns = columns
    values = try encoding.features.map { try Self.value($0, encoding, row, columns) }
  }

  /// The expressions of the features, in their order.
  private let values: [String]
  private static let source = "read_parquet(getvariable('table'))"
  /// Columns of our own: no feature's name has a control character.
  private static let rowColumn = SQLName.quoted("\u{1}row")
  private static let spanColumn = SQLName.quoted("\u{1}span")
  private var names: [String] { encoding.features.map { SQLName.quoted($0.feature.name) } }

  // MARK: Values

  private static func value(
    _ encoded: EncodedFeature, _ encoding: RecordEncoding, _ row: String, _ columns: TableColumns
  ) throws -> String {
    let type = encoded.feature.type.column
    switch encoded.source {
    case .column(let name):
      if encoded.feature.name == encoding.eventTime, let column = columns[name] {
        return try column.seconds()
      }
      let reader = try ValueReader(from: columns[name]?.type ?? "VARCHAR", to: type)
      return reader.value(SQLName.quoted(name))
    case .oneHot(let column, let value):
      let quoted = SQLName.quoted(column)
      return
        "CAST(CASE WHEN \(quoted) IS NOT NULL THEN \(quoted)::VARCHAR = \(SQLValue.text(value).literal)"
        + " END AS \(type))"
    case .rowNumber(let first): return "CAST(\(row) + \(first - 1) AS \(type))"
    case .eventTime(let seconds): return SQLValue.number(seconds).literal
    }
  }

  /// The day of the event time in UTC; the floor first, so that no division rounds up to the next day.
  private var day: String {
    let time = SQLName.quoted(encoding.eventTime)
    return "(DATE '1970-01-01' + (floor(\(time))::BIGINT // 86400)::INTEGER)::VARCHAR"
  }

  /// The most files of one batch, unless it is of more years.
  private static let mostFiles = 64

  /// Writes all records to `encoded`, by span and row, and the spans to `dates`: days, or months or years
  /// where there would be many.
  var records: String {
    let list = zip(values, names).map { "\($0) AS \($1)" }.joined(separator: ", ")
    let span = Self.spanColumn
    return """
      CREATE TEMP TABLE dated AS
      SELECT *, \(day) AS \(span)
      FROM (SELECT \(row) AS \(Self.rowColumn), \(list) FROM \(Self.source));
      SET VARIABLE width = (
        SELECT CASE WHEN count(DISTINCT \(span)) <= \(Self.mostFiles) THEN 10
          WHEN count(DISTINCT \(span)[:7]) <= \(Self.mostFiles) THEN 7 ELSE 4 END
        FROM dated);
      CREATE TEMP TABLE records AS
      SELECT * REPLACE (\(span)[:getvariable('width')] AS \(span)) FROM dated;
      COPY (FROM records ORDER BY \(span), \(Self.rowColumn))
        TO (getvariable('encoded')) (FORMAT parquet);
      COPY (SELECT DISTINCT \(span) FROM records ORDER BY 1)
        TO (getvariable('dates')) (\(ProblemReport.plainText));
      """
  }

  /// Copies the records of one day, month or year from `encoded` to a file.
  func copy(span: String, to path: String) -> String {
    """
    COPY (
      SELECT \(names.joined(separator: ", ")) FROM read_parquet(getvariable('encoded'))
      WHERE \(Self.spanColumn) = \(SQLValue.text(span).literal) ORDER BY \(Self.rowColumn)
    ) TO \(SQLValue.text(path).literal) (
      FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);

    """
  }

  // MARK: Checks

  /// Makes the view `problems`.
  var checks: String {
    var parts: [String] = []
    for (index, encoded) in encoding.features.enumerated() {
      guard case .column(let name) = encoded.source, let column = columns[name] else { continue }
      let quoted = SQLName.quoted(name)
      parts.append(
        problem(
          of: name, index, "''' || (\(quoted)::VARCHAR)[:60] || ''' \(expected(of: encoded))",
          where:
            "nullif(\(quoted)::VARCHAR, '') IS NOT NULL AND (\(unfit(encoded, column, values[index])))"
        ))
    }
    for (index, encoded) in encoding.features.enumerated() {
      guard let name = encoded.source.column, let need = need(of: encoded) else { continue }
      parts.append(
        problem(
          of: name, index, "empty; \(need)",
          where: "nullif(\(SQLName.quoted(name))::VARCHAR, '') IS NULL"))
    }
    for (index, listed) in encoding.listed.enumerated() {
      let quoted = SQLName.quoted(listed.column)
      let literals = listed.values.map { SQLValue.text($0).literal }.joined(separator: ", ")
      let words = Self.inLiteral(listed.values.joined(separator: ", "))
      parts.append(
        problem(
          of: listed.column, encoding.features.count + index,
          "''' || (\(quoted)::VARCHAR)[:60] || ''' is none of \(words)",
          where: "\(quoted) IS NOT NULL AND \(quoted)::VARCHAR NOT IN (\(literals))"))
    }
    parts.append(
      "SELECT 0 AS line, 0 AS place, 'there are no rows' AS what WHERE NOT EXISTS (FROM given)")
    return """
      CREATE TEMP VIEW given AS FROM \(Self.source);
      CREATE TEMP VIEW problems AS
      \(parts.joined(separator: "\nUNION ALL\n"));

      """
  }

  /// `text` stands within a literal of SQL.
  private func problem(
    of column: String, _ index: Int, _ text: String, where condition: String
  ) -> String {
    """
    SELECT \(row) AS line, \(index) AS place,
      '\(place.rawValue) ' || \(line) || ', column ''\(Self.inLiteral(column))'': \(text)' AS what
    FROM given WHERE \(condition)
    """
  }

  private static func inLiteral(_ text: String) -> String {
    text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
  }

  private func unfit(
    _ encoded: EncodedFeature, _ column: SQLColumn, _ value: String
  ) -> String {
    if encoded.feature.name == encoding.eventTime {
      let times = RecordEncoding.times
      return "(\(value)) IS NULL OR NOT (\(value) >= \(times.lowerBound) AND "
        + "\(value) < \(times.upperBound))"
    }
    return encoded.feature.type == .fractional
      ? "(\(value)) IS NULL OR NOT isfinite(\(value))" : "(\(value)) IS NULL"
  }

  private func expected(of encoded: EncodedFeature) -> String {
    encoded.feature.name == encoding.eventTime
      ? "is no event time: expected seconds since 1970 or an ISO 8601 time, in the years 1970 to 9999; "
        + "a number of 8 digits that is a date is neither"
      : "is no \(encoded.feature.type.rawValue)"
  }

  /// Why a feature may not be null; nil where it may.
  private func need(of encoded: EncodedFeature) -> String? {
    switch encoded.feature.name {
    case encoding.recordIdentifier: "it is the record identifier"
    case encoding.eventTime: "it is the event time"
    default: encoded.isRequired ? "the feature ''\(encoded.feature.name)'' is required" : nil
    }
  }
}
