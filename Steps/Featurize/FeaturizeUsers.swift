// The step that turns the events of some users, over some batches, into labels and features.
import AtelierStep
import DuckDB
import PropensityFormats

/// Labels and features of the users of a batch who are in no other, or of the recurring users of a bucket.
///
/// Each user's events are all there, so the rows are those that `FeaturizeBatch` would give over all
/// batches at once.
public struct FeaturizeUsers: Step {
  public static let code = CodeFingerprint.module

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
  public var features: [Feature]
  /// Which moment of a user's history the row stands for; no forecast, whose check needs all events.
  public var rows: RowRule
  public var part = Output<FeatureTable>()

  public init(
    partials: [Artifact<EventPartial>], recurring: Artifact<RecurringUsers>, bucket: Int? = nil,
    seed: Int, tenant: String, features: [Feature] = Feature.propensity,
    rows: RowRule = .event(gap: 0)
  ) {
    self.partials = partials
    self.recurring = recurring
    self.bucket = bucket
    self.seed = seed
    self.tenant = tenant
    self.features = features
    self.rows = rows
  }

  public var programs: [Program] { [.duckdb] }

  /// The text as it runs, so that a changed declaration shows in the key.
  public var sql: [String: String] {
    ["features.sql": FeatureSQL(features: features, tenant: tenant, rows: rows).text]
  }

  public func run(in context: StepContext) throws {
    try rows.check()
    if case .forecast = rows {
      throw StepFailure("a forecast needs all events at once: use the events of one batch")
    }
    let user = try TenantColumn(tenant).named(in: "\"_<tenant>\".cmle_id")
    let condition =
      bucket == nil
      ? "\(user) NOT IN (SELECT userId FROM read_parquet(getvariable('recurring')))"
      : "bucket = getvariable('bucket') AND \(user) IN ("
        + "SELECT userId FROM read_parquet(getvariable('recurring')) WHERE bucket = getvariable('bucket'))"
    try DuckDB(in: context).run(
      """
      CREATE TEMP TABLE events AS
      SELECT * FROM read_parquet(getvariable('partials')) WHERE \(condition);

      """ + (try context.sql("features.sql")),
      with: [
        "partials": .list(try partials.map { .text(try context.path($0)) }),
        "recurring": .text(try context.path(recurring)),
        "bucket": .integer(Int64(bucket ?? 0)),
        "part": .text(try context.path(part)),
        "seed": .text(String(seed)),
        "target": .text(EventType.formFilledOut.rawValue),
      ])
  }
}
