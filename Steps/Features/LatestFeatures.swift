// The step that gives the latest record of each identifier. It chooses no feature.
import AtelierStep
import DuckDB
import FeatureSQL
import LearningFormats

/// The latest record of each identifier in a feature group, ordered by the identifier.
///
/// Of two with the same event time the one of the later batch counts, and within a batch the later row.
/// With a moment, records of a later event time are as if they were not there.
public struct LatestFeatures: Step {
  /// The feature group with all of its records.
  public var history: Artifact<FeatureHistory>
  /// Seconds since 1970 in UTC; nil for the latest of all.
  public var moment: Double?
  /// A row per identifier, with the columns of the group.
  public var table = Output<DataTable>()

  /// The latest records as of a moment in seconds since 1970 (UTC); nil: the latest of all.
  public init(history: Artifact<FeatureHistory>, asOf moment: Double? = nil) {
    self.history = history
    self.moment = moment
  }

  /// DuckDB, which selects and orders the records.
  public var programs: [Program] { [.duckdb] }

  /// Selects the records; fails when none holds at the moment, and names the first event time.
  public func run(in context: StepContext) throws {
    let files = try HistoryFiles(history, in: context)
    let time = SQLName.quoted(files.definition.eventTime)
    let answer = try DuckDB(in: context).rows(
      """
      CREATE TEMP TABLE latest AS
      \(files.sql.latest(asOf: moment.map { SQLValue.number($0).literal }));
      COPY (FROM latest ORDER BY \(SQLName.quoted(files.definition.recordIdentifier)))
      TO (getvariable('table')) (
        FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);
      SELECT min(\(time))::VARCHAR AS first FROM (\(files.sql.records))
      HAVING NOT EXISTS (FROM latest);
      """, with: ["table": .text(try context.path(table))])
    if let first = answer.first?["first"]?.string {
      throw StepFailure(
        "no record of the feature group holds at \(moment.map { "\($0)" } ?? "any time"): the first "
          + "event time is \(first), both in seconds since 1970")
    }
  }
}
