// The step that counts events and users.
import AtelierStep
import DuckDB
import PropensityFormats

/// Counts the events of all batches and their users: one row `rows, users`.
public struct CountStatistics: Step {
  public static let code = CodeFingerprint.module

  /// The events of all batches.
  public var events: [Artifact<EventTable>]
  /// The tenant's name, without the underscore of the column `_<tenant>`.
  public var tenant: String
  /// The table.
  public var table = Output<Statistics>()

  /// The exploration of some batches.
  public init(events: [Artifact<EventTable>], tenant: String) {
    self.events = events
    self.tenant = tenant
  }

  public var programs: [Program] { [.duckdb] }
  public var sql: [String: String] { ["statistics.sql": SQLText.statistics] }

  public func run(in context: StepContext) throws {
    try Exploration(in: context).run(
      try TenantColumn(tenant).named(in: context.sql("statistics.sql")),
      over: events, into: table)
  }
}
