// The step that finds the users of more than one batch. It knows no event.
import AtelierStep
import DuckDB
import PropensityFormats

/// The users who have events in more than one batch.
///
/// Its bytes change only when such a user is new, so where users do not recur, one more batch leaves
/// the features of all others as they are.
public struct FindRecurringUsers: Step {
  /// The partials of all batches.
  public var partials: [Artifact<EventPartial>]
  /// Shows that no event of the set stands twice in it.
  public var checked: Artifact<RepeatedEvents>
  /// The tenant, without the underscore of its column.
  public var tenant: String
  /// The users with their buckets, ordered by bucket and user id.
  public var users = Output<RecurringUsers>()

  /// DuckDB, which counts the partials of each user.
  public var programs: [Program] { [.duckdb] }

  /// Lists the users that occur in more than one partial.
  public func run(in context: StepContext) throws {
    let user = try TenantColumn(tenant).user
    try DuckDB(in: context).run(
      """
      COPY (
        SELECT bucket, userId
        FROM (
          SELECT DISTINCT filename, bucket, \(user) AS userId
          FROM read_parquet(getvariable('partials'), filename = true))
        GROUP BY bucket, userId HAVING count(*) > 1 ORDER BY bucket, userId
      ) TO (getvariable('users')) (
        FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 8192);
      """,
      with: [
        "partials": .list(try partials.map { .text(try context.path($0)) }),
        "users": .text(try context.path(users)),
      ])
  }
}
