// The step that turns batches of events into labels and features on the platform. It sees no row.
import AtelierStep
import Featurize
import PlatformQueries
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Labels and features of the users of some batches, as a table that the platform makes once.
///
/// The rows are those that `FeaturizeBatch` gives for the same events: both render the same declared
/// features. A table is named after what it is made of, so it is found again rather than made anew.
public struct FeaturizeRemote: Step {
  /// Calls to the platform.
  public static let isolation = Isolation.platform

  /// The batches, all of one data set; every event of a user lies in them.
  public var versions: [Artifact<Remote<EventTable>>]
  /// The share of the users, from 0 up.
  public var bucket: Int = 0
  /// In how many shares the users are cut; 1 is all of them.
  public var buckets: Int = 1
  /// Decides which event of a negative user is taken.
  public var seed: Int
  /// The tenant, without the underscore of its column.
  public var tenant: String
  /// The features in the order of their columns.
  public var features: [Feature] = Feature.propensity
  /// Which moment of a user's history the row stands for.
  public var rows: RowRule = .event(gap: 0)
  /// How far the events go, in microseconds since 1970, for a forecast; else none.
  public var newest: [Artifact<PlatformAnswer>] = []
  /// The table: one row a user.
  public var table = Output<Remote<FeatureTable>>()

  /// The query as it is sent, but for the table and the ids of the batches.
  public var sql: [String: String] {
    // A rule that cannot be rendered is refused by `run`.
    ["features.sql": (try? query().text) ?? ""]
  }

  private func query() throws -> FeatureQuery {
    try FeatureQuery(
      .placeholder(tenant: tenant, bucket: .init(bucket, of: buckets)), features: features,
      seed: seed, rows: rows)
  }

  /// Has the platform make the table, and waits for it.
  public func run(in context: StepContext) throws {
    let query = try query()
    if case .forecast = rows {
      guard let answer = newest.first else {
        throw StepFailure("a forecast needs to know how far events go: give it an AskPlatform")
      }
      let text = try String(contentsOfFile: context.path(answer), encoding: .utf8)
      let lines = text.split(whereSeparator: \.isNewline)
      try query.check(newest: lines.count == 2 ? Int64(lines[1]) : nil)
    }
    try context.perform(
      PlatformCall(
        "create-table", ["sql": .string(try context.sql("features.sql"))],
        reads: ["versions": try versions.map { try context.path($0) }],
        writes: ["table": try context.path(table)]))
  }
}
