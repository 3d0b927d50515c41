// The step that counts users and events of each type.
import AtelierStep
import DuckDB
import PropensityFormats

/// Counts the distinct users and events of each event type, most users first.
///
/// Columns: `eventType, distinctUsers, distinctEvents`.
public struct EventFunnel: Step {
  public static let code = CodeFingerprint.module

  /// The events of all batches.
  public var events: [Artifact<EventTable>]
  /// The tenant's name, without the underscore of the column `_<tenant>`.
  public var tenant: String
  /// The table.
  public var table = Output<Funnel>()

  /// The exploration of some batches.
  public init(events: [Artifact<EventTable>], tenant: String) {
    self.events = events
    self.tenant = tenant
  }

  public var programs: [Program] { [.duckdb] }
  public var sql: [String: String] { ["funnel.sql": SQLText.funnel] }

  public func run(in context: StepContext) throws {
    try Exploration(in: context).run(
      try TenantColumn(tenant).named(in: context.sql("funnel.sql")),
      over: events, into: table)
  }
}
