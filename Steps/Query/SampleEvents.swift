// The step that shows some events as they are.
import AtelierStep
import DuckDB
import PropensityFormats

/// Takes some events in the order of a seeded hash.
///
/// Columns: `_id, eventType, timestamp, producedBy, userId, directMarketing, web`, the last two as
/// JSON.
public struct SampleEvents: Step {
  public static let code = CodeFingerprint.module

  /// The events of all batches.
  public var events: [Artifact<EventTable>]
  /// The tenant's name, without the underscore of the column `_<tenant>`.
  public var tenant: String
  /// The seed of the sample.
  public var seed: Int
  /// How many events are taken.
  public var rows: Int
  /// The table.
  public var table = Output<SampleRows>()

  /// The exploration of some batches.
  public init(events: [Artifact<EventTable>], tenant: String, seed: Int, rows: Int = 10) {
    self.events = events
    self.tenant = tenant
    self.seed = seed
    self.rows = rows
  }

  public var programs: [Program] { [.duckdb] }
  public var sql: [String: String] { ["sample_events.sql": SQLText.sampleEvents] }

  public func run(in context: StepContext) throws {
    guard rows >= 0 else { throw StepFailure("the parameter 'rows' is \(rows): give 0 or more") }
    try Exploration(in: context).run(
      try TenantColumn(tenant).named(in: context.sql("sample_events.sql")),
      over: events, into: table,
      with: ["seed": .integer(Int64(seed)), "row_count": .integer(Int64(rows))])
  }
}
