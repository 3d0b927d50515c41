// The step that takes a user's own events in place of simulated ones. EventRows knows how to read a file;
// import_events.sql knows what an event looks like.
import AtelierStep
import DuckDB
import PropensityFormats

/// Checks a file of events and brings it into the shape and order of simulated events.
///
/// A file must have the columns `_id`, `eventType`, `timestamp` and `_<tenant>.cmle_id`; the other
/// columns of `EventTable` may be missing and are null then, further columns are left out. A
/// time without an offset is UTC. Every check names the column and the place: the line in CSV and JSON,
/// the row in Parquet. A file without events, such as Spark writes for an empty partition, gives an
/// empty table.
public struct ImportEvents: Step {
  /// The file as the user gives it.
  public var file: Artifact<EventFile>
  /// The file's format.
  public var format: EventFileFormat
  /// Whether CSV or JSON is compressed by gzip.
  public var isGzipped: Bool = false
  /// The tenant's name, without the underscore of the column `_<tenant>`.
  public var tenant: String
  /// What is done with a second event of an `_id`.
  public var repeated: RepeatedEventRule = .refuse
  /// What the user calls the file.
  @Unkeyed public var name: String = "the file"
  /// The events, ordered by (timestamp, _id).
  public var events = Output<EventTable>()
  /// Where each of them stands in the file, in the same order.
  public var lines = Output<EventLines>()

  /// DuckDB, which reads and checks the file, and gzip for a compressed one.
  public var programs: [Program] { isGzipped ? [.duckdb, .gzip] : [.duckdb] }
  /// `import_events.sql`, which gives an event its columns.
  public var sql: [String: String] { SQLFile.importEvents.named }

  /// Imports the file; fails with the column and the place of the first event that is invalid.
  public func run(in context: StepContext) throws {
    let tenantColumn = try TenantColumn(tenant)
    var path = try context.path(file)
    if isGzipped {
      let plain = context.scratch("plain")
      try Gunzip.run(path, to: plain, name: name, in: context)
      path = plain
    }
    let columns = EventColumn.all(tenant: tenant)
    let rows = try EventRows(path, format, columns, name: name, in: context)
    let variables = rows.variables.merging([
      "events": .text(try context.path(events)), "lines": .text(try context.path(lines)),
    ]) { $1 }
    let script =
      EventCheck(rows: rows).given + tenantColumn.named(in: try context.sql(SQLFile.importEvents))
      + EventCheck.report
    let found = try EngineWords.asking(name: name, in: context) {
      JSONRow(try $0.rows(script, with: variables).first ?? .null)
    }
    try found.refuse(name: name, unit: rows.unit)
    try refuseRepeated(found, unit: rows.unit)
    context.log(log(found, rows))
  }

  private func refuseRepeated(_ found: JSONRow, unit: String) throws {
    if let id = found.text("repeated"), repeated == .refuse {
      throw StepFailure(
        "\(name), \(unit)s \(found.integer("first")) and \(found.integer("second")), column '_id': both "
          + "have '\(id)'; give each event an id of its own, or set duplicates = drop to keep the first"
      )
    }
  }

  private func log(_ found: JSONRow, _ rows: EventRows) -> String {
    let count = found.integer("rows")
    guard count > 0 else { return "\(name): no events" }
    let dropped = found.integer("dropped")
    return "\(name): \(count - dropped) events from \(found.text("least") ?? "?") to "
      + "\(found.text("greatest") ?? "?") UTC"
      + (dropped > 0 ? "; \(dropped) with a repeated _id dropped" : "")
      + (rows.blankRows > 0 ? "; \(rows.blankRows) rows without any value passed over" : "")
  }
}
