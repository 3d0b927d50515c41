// The step that joins features to a table by identifier and time. It knows neither of them.
import AtelierStep
import DuckDB
import FeatureSQL
import LearningFormats

/// The rows of a table with the features that held at each row's own time: a point-in-time join.
///
/// A row gets the latest record of its identifier whose event time is not after the row's time, and nulls
/// where there is none: nothing that was known later only. All rows and columns of the table stay, the
/// features follow. The time is a number of seconds since 1970, a TIMESTAMP (UTC) or text of either.
public struct JoinFeatures: Step {
  /// The table that gets the features: it keeps all of its rows and columns.
  public var spine: Artifact<DataTable>
  /// The feature group with all of its records.
  public var history: Artifact<FeatureHistory>
  /// The spine's column of identifiers.
  public var key: String
  /// The spine's column of times.
  public var time: String
  /// The features to add, by name.
  public var features: [String]
  /// A column of the spine that is unique and orders the rows; nil: by key, time, then all other columns.
  public var order: String?
  /// The rows of the spine, each with its features behind its own columns.
  public var joined = Output<DataTable>()

  /// DuckDB, which joins by identifier and time.
  public var programs: [Program] { [.duckdb] }

  /// A column of our own: no other has a control character.
  private static let moment = "\u{1}moment"

  /// Joins; fails for a column or feature that is missing and for a time that cannot be read.
  public func run(in context: StepContext) throws {
    let files = try HistoryFiles(history, in: context)
    let database = try DuckDB(in: context)
    let path = try context.path(spine)
    let columns = try TableColumns(of: path, database)
    try columns.check(have: [key, time] + (order.map { [$0] } ?? []), in: "table")
    try check(columns, files.definition)
    let problem = context.scratch("problem.txt")
    let moment = SQLName.quoted(Self.moment)
    let join = files.sql.joined(to: "spine", key: key, moment: Self.moment, features: features)
    try database.run(
      """
      CREATE TEMP TABLE spine AS
      SELECT *, \(try columns[time]?.seconds() ?? "NULL") AS \(moment)
      FROM read_parquet(getvariable('table'));
      \(problems)
      \(ProblemReport.sql)
      COPY (
        SELECT * EXCLUDE (\(moment)) FROM (\(join)) ORDER BY \(ordering(columns))
      ) TO (getvariable('joined')) (
        FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);
      """,
      with: [
        "table": .text(path), "problem": .text(problem), "key": .text(key), "time": .text(time),
        "joined": .text(try context.path(joined)),
      ])
    try ProblemReport.refuse(problem, what: "table")
  }

  /// Rows without an identifier or a time, numbered as they lie.
  private var problems: String {
    let (key, time) = (SQLName.quoted(key), SQLName.quoted(time))
    let row = order.map(SQLName.quoted) ?? "rowid + 1"
    return """
      CREATE TEMP VIEW problems AS
      SELECT \(row) AS line, 0 AS place,
        'row ' || (\(row)) || ', column ''' || getvariable('key') || ''': empty; it names the record'
          AS what
      FROM spine WHERE \(key) IS NULL
      UNION ALL
      SELECT \(row) AS line, 1 AS place,
        'row ' || (\(row)) || ', column ''' || getvariable('time') || ''': '
          || coalesce('''' || (\(time)::VARCHAR)[:60] || ''' is no time', 'empty')
          || '; expected seconds since 1970 or an ISO 8601 time, in the years 1970 to 9999' AS what
      FROM spine WHERE isfinite(\(SQLName.quoted(Self.moment))) IS NOT TRUE;
      """
  }

  private func ordering(_ columns: TableColumns) -> String {
    if let order { return SQLName.quoted(order) }
    let others = columns.all.map(\.name).filter { $0 != key && $0 != time }
    return SQLName.list([key, time] + others)
  }

  private func check(_ columns: TableColumns, _ definition: FeatureDefinition) throws {
    let known = definition.features.map(\.name)
    if let unknown = features.first(where: { !known.contains($0) }) {
      throw StepFailure(
        "the feature group has no feature '\(unknown)'; it has \(known.joined(separator: ", "))")
    }
    let own = Set(columns.all.map { $0.name.lowercased() })
    let twice = features.filter { name in
      own.contains(name.lowercased()) || features.count { $0 == name } > 1
    }
    guard twice.isEmpty, !features.isEmpty else {
      throw StepFailure(
        features.isEmpty
          ? "no feature is named that should be joined"
          : "the result would have two columns \(twice[0]); rename that of the table, or leave out the "
            + "feature")
    }
    let isText = definition.features.contains {
      $0.name == definition.recordIdentifier && $0.type == .string
    }
    guard let column = columns[key], isText ? column.type == "VARCHAR" : column.isWhole else {
      throw StepFailure(
        "the table's column '\(key)' is a \(columns[key]?.type ?? "?"), and the group's identifier "
          + "'\(definition.recordIdentifier)' is \(isText ? "String" : "Integral")")
    }
  }
}
