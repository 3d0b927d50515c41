// The step that says how far events go. It knows no feature.
import AtelierStep
import DuckDB
import PropensityFormats

/// The time of the newest event with a user over all batches: what happened later is not known yet.
public struct FindNewestEvent: Step {
  /// The events of all batches.
  public var events: [Artifact<EventTable>]
  /// The tenant, without the underscore of its column.
  public var tenant: String
  /// One row with the time, UTC to the microsecond; an empty field without events.
  public var newest = Output<NewestEventTime>()

  /// DuckDB, which finds the maximum.
  public var programs: [Program] { [.duckdb] }

  /// Writes the greatest timestamp of the events that have a user id.
  public func run(in context: StepContext) throws {
    let user = try TenantColumn(tenant).user
    try DuckDB(in: context).run(
      """
      COPY (
        SELECT max(timestamp) AS newest FROM read_parquet(getvariable('events'))
        WHERE \(user) IS NOT NULL
      ) TO (getvariable('newest')) (FORMAT csv, HEADER);
      """,
      with: [
        "events": .list(try events.map { .text(try context.path($0)) }),
        "newest": .text(try context.path(newest)),
      ])
  }
}
