// The step that turns one batch of events into labels and features. It knows no other batch.
import AtelierStep
import DuckDB
import PropensityFormats

/// Labels and features of one batch whose users are in no other: one row a user, ordered by user.
///
/// Unless `rows` says otherwise a user with a `web.formFilledOut` is positive, and the row is that of the
/// first such event. Anybody else is negative, and the row is the event with the lowest
/// md5(seed || userId || _id). Events are ordered by (timestamp, _id); events without a user id don't count.
/// The columns are those of `FeatureTable.columns(features:)`.
public struct FeaturizeBatch: Step {
  /// The events of one batch.
  public var events: Artifact<EventTable>
  /// Decides which event of a negative user is taken.
  public var seed: Int
  /// The tenant, without the underscore of its column.
  public var tenant: String
  /// The features in the order of their columns.
  public var features: [Feature] = Feature.propensity
  /// Which moment of a user's history the row stands for.
  public var rows: RowRule = .event(gap: 0)
  /// How far the events of all batches go, for a forecast; else none.
  public var newest: [Artifact<NewestEventTime>] = []
  /// A row per user, ordered by user id.
  public var part = Output<FeatureTable>()

  /// DuckDB, which computes labels and features.
  public var programs: [Program] { [.duckdb] }

  /// The text as it runs, so that a changed declaration shows in the key.
  public var sql: [String: String] {
    ["features.sql": script.text]
  }

  private var script: FeatureSQL { FeatureSQL(features: features, tenant: tenant, rows: rows) }

  /// Runs `features.sql` over the events of the batch.
  public func run(in context: StepContext) throws {
    var variables = try script.variables(
      seed: seed, newest: newest.first.map { try context.path($0) })
    variables["events"] = .text(try context.path(events))
    variables["part"] = .text(try context.path(part))
    try DuckDB(in: context).run(
      "CREATE TEMP VIEW events AS FROM read_parquet(getvariable('events'));\n"
        + (try context.sql("features.sql")), with: variables)
  }
}
