// Renders declared features for Query Service, whose dialect is Spark's. It runs nothing.
import AtelierStep
import PropensityFormats

/// The query template that computes features over snapshots on Query Service.
public struct QueryServiceSQL: Sendable {
  /// The features in the order of their columns.
  public let features: [Feature]
  /// The tenant, without the underscore of its column.
  public let tenant: String
  /// The table of the events' data set.
  public let dataset: String
  /// Decides which event of a negative user is taken.
  public let seed: Int

  /// A template for a data set of a tenant; `tenant` has no leading underscore.
  public init(features: [Feature] = Feature.propensity, tenant: String, dataset: String, seed: Int)
  {
    self.features = features
    self.tenant = tenant
    self.dataset = dataset
    self.seed = seed
  }

  /// The template; the platform fills in `$from_snapshot_id` and `$to_snapshot_id`.
  public var text: String {
    let columns = FeatureTable.columns(features: features.map(\.name)).map(\.name)
    return SQLFile.featuresQueryservice.text
      .replacing("{{columns}}", with: columns.joined(separator: ",\n  "))
      .replacing("{{features}}", with: features.map(column).joined(separator: ",\n    "))
      .replacing("{{user}}", with: user)
      .replacing("{{target}}", with: "'\(EventType.formFilledOut.rawValue)'")
      .replacing("{{seed}}", with: "'\(seed)'")
      .replacing("{{dataset}}", with: dataset)
  }

  private var user: String { "_\(tenant).cmle_id" }

  private func column(_ feature: Feature) -> String {
    let window =
      "OVER (PARTITION BY \(user) ORDER BY timestamp, _id\n"
      + "        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    return switch feature.kind {
    case .count(let type):
      "sum(CASE WHEN eventType = '\(type.rawValue)' THEN 1 ELSE 0 END)\n"
        + "      \(window) AS \(feature.name)"
    case .minutes(let type):
      "TIME_BETWEEN_PREVIOUS_MATCH(timestamp, eventType = '\(type.rawValue)', 'minutes')\n"
        + "      \(window) AS \(feature.name)"
    }
  }
}
