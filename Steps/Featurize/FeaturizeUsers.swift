// The step that turns the events of some users, over some batches, into labels and features.
import AtelierStep
import DuckDB
import PropensityFormats

/// Labels and features of the users of a batch who are in no other, or of the recurring users of a bucket.
///
/// Each user's events are all there, so the rows are those that `FeaturizeBatch` would give over all
/// batches at once.
public struct FeaturizeUsers: Step {
  /// The partials of one batch, or of all for a bucket.
  public var partials: [Artifact<EventPartial>]
  /// The users of more than one batch.
  public var recurring: Artifact<RecurringUsers>
  /// The bucket whose recurring users are meant; nil for the users of a batch who do not recur.
  public var bucket: Int?
  /// Decides which event of a negative user is taken.
  public var seed: Int
  /// The tenant, without the underscore of its column.
  public var tenant: String
  /// The features in the order of their columns.
  public var features: [Feature] = Feature.propensity
  /// Which moment of a user's history the row stands for.
  public var rows: RowRule = .event(gap: 0)
  /// The time of the newest event of all batches, which a forecast needs.
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

  /// Runs `features.sql` over the events of the selected users in all partials.
  public func run(in context: StepContext) throws {
    let user = try TenantColumn(tenant).user
    let condition =
      bucket == nil
      ? "\(user) NOT IN (SELECT userId FROM read_parquet(getvariable('recurring')))"
      : "bucket = getvariable('bucket') AND \(user) IN ("
        + "SELECT userId FROM read_parquet(getvariable('recurring')) WHERE bucket = getvariable('bucket'))"
    var variables = try script.variables(
      seed: seed, newest: newest.first.map { try context.path($0) })
    variables["partials"] = .list(try partials.map { .text(try context.path($0)) })
    variables["recurring"] = .text(try context.path(recurring))
    variables["bucket"] = .integer(Int64(bucket ?? 0))
    variables["part"] = .text(try context.path(part))
    try DuckDB(in: context).run(
      """
      CREATE TEMP TABLE events AS
      SELECT * FROM read_parquet(getvariable('partials')) WHERE \(condition);

      """ + (try context.sql("features.sql")), with: variables)
  }
}
