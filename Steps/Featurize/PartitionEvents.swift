// The step that sorts a batch's events by buckets of users, with what features need. It computes none.
import AtelierStep
import DuckDB
import PropensityFormats

/// A batch's events as a sorted partial, which `FeaturizeUsers` merges with those of other batches.
///
/// A user's bucket is a hash of the id, so it is the same in every batch.
public struct PartitionEvents: Step {
  /// The events of one batch.
  public var events: Artifact<EventTable>
  /// The tenant, without the underscore of its column.
  public var tenant: String
  /// How many buckets there are.
  public var buckets: Int
  /// The events that have a user id, ordered by bucket, user, time and `_id`.
  public var partial = Output<EventPartial>()

  /// DuckDB, which hashes and sorts.
  public var programs: [Program] { [.duckdb] }

  /// Writes the events with the bucket of their user: a hash modulo `buckets`.
  public func run(in context: StepContext) throws {
    let user = try TenantColumn(tenant).named(in: "\"_<tenant>\"")
    // Small row groups: a bucket is read without most of the others.
    try DuckDB(in: context).run(
      """
      COPY (
        SELECT (hash(\(user).cmle_id) % getvariable('buckets')::UBIGINT)::BIGINT AS bucket,
          {'cmle_id': \(user).cmle_id} AS \(user), _id, eventType, "timestamp"
        FROM read_parquet(getvariable('events'))
        WHERE \(user).cmle_id IS NOT NULL
        ORDER BY bucket, \(user).cmle_id, "timestamp", _id
      ) TO (getvariable('partial')) (
        FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 8192);
      """,
      with: [
        "events": .text(try context.path(events)), "partial": .text(try context.path(partial)),
        "buckets": .integer(Int64(max(1, buckets))),
      ])
  }
}
