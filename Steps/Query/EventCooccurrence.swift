// The step that finds which event types follow which.
import AtelierStep
import DuckDB
import PropensityFormats

/// Counts, for each pair of event types, the users with a first event and a later one at its time
/// or after it; the probability is their share of the users of the first type.
///
/// Columns: `eventTypeFirst, eventTypeLater, distinctUsers, probability`; pairs without a user are
/// left out.
public struct EventCooccurrence: Step {
  public static let code = CodeFingerprint.module

  /// The events of all batches.
  public var events: [Artifact<EventTable>]
  /// The tenant's name, without the underscore of the column `_<tenant>`.
  public var tenant: String
  /// The table.
  public var table = Output<Cooccurrence>()

  /// The exploration of some batches.
  public init(events: [Artifact<EventTable>], tenant: String) {
    self.events = events
    self.tenant = tenant
  }

  public var programs: [Program] { [.duckdb] }
  public var sql: [String: String] { ["cooccurrence.sql": SQLText.cooccurrence] }

  public func run(in context: StepContext) throws {
    try Exploration(in: context).run(
      try TenantColumn(tenant).named(in: context.sql("cooccurrence.sql")),
      over: events, into: table)
  }
}
