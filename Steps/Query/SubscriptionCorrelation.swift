// The step that correlates event types with the subscription.
import AtelierStep
import DuckDB
import PropensityFormats

/// Correlates, over all users, the number of `web.formFilledOut` with that of each other type.
///
/// Columns: `eventType, pearsonCorrelation`, rounded to 12 digits; null where a number is the same
/// for every user.
public struct SubscriptionCorrelation: Step {
  public static let code = CodeFingerprint.module

  /// The events of all batches.
  public var events: [Artifact<EventTable>]
  /// The tenant's name, without the underscore of the column `_<tenant>`.
  public var tenant: String
  /// The table.
  public var table = Output<Correlation>()

  /// The exploration of some batches.
  public init(events: [Artifact<EventTable>], tenant: String) {
    self.events = events
    self.tenant = tenant
  }

  public var programs: [Program] { [.duckdb] }
  public var sql: [String: String] { ["correlation.sql": SQLText.correlation] }

  public func run(in context: StepContext) throws {
    try Exploration(in: context).run(
      try TenantColumn(tenant).named(in: context.sql("correlation.sql")),
      over: events, into: table)
  }
}
