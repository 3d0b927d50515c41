// The step that leaves out the events of a batch which came before. It decides about none of them.
import AtelierStep
import DuckDB
import PropensityFormats

/// The events of one batch without those that `FindRepeatedEvents` listed.
public struct DropRepeatedEvents: Step {
  /// The events of the batch as they were imported.
  public var imported: Artifact<EventTable>
  /// The events to drop, of all batches.
  public var repeated: Artifact<RepeatedEvents>
  /// The batch's place in the set, from 0 up.
  public var batch: Int
  /// The events that are left, in their order.
  public var events = Output<EventTable>()

  /// DuckDB, which filters the events.
  public var programs: [Program] { [.duckdb] }

  /// Writes the events of the batch that are not listed as repeated.
  public func run(in context: StepContext) throws {
    // An import has each _id once, so the first copy is never in this batch beside a dropped one.
    try DuckDB(in: context).run(
      """
      COPY (
        FROM read_parquet(getvariable('imported'))
        WHERE _id NOT IN (
          SELECT _id FROM read_parquet(getvariable('repeated')) WHERE batch = getvariable('batch'))
        ORDER BY "timestamp", _id
      ) TO (getvariable('events')) (
        FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);
      """,
      with: [
        "imported": .text(try context.path(imported)),
        "repeated": .text(try context.path(repeated)),
        "batch": .integer(Int64(batch)), "events": .text(try context.path(events)),
      ])
  }
}
