// Renders declared features for DuckDB. It knows neither steps nor files.

/// The SQL that computes features over events in DuckDB.
struct FeatureSQL {
  let features: [Feature]
  /// The tenant, without the underscore of its column.
  let tenant: String

  /// The script; it reads the relation `events` and the variables `seed`, `target` and `part`.
  var text: String {
    String(decoding: PackageResources.features_sql, as: UTF8.self)
      .replacing("{{user}}", with: "\(quoted("_" + tenant)).cmle_id")
      .replacing("{{features}}", with: features.map(column).joined(separator: ",\n    "))
  }

  private func column(_ feature: Feature) -> String {
    let name = quoted(feature.name)
    return switch feature.kind {
    case .count(let type):
      "count(*) FILTER (upToRow AND eventType = '\(type.rawValue)') AS \(name)"
    case .minutes(let type):
      // date_sub counts whole minutes that have passed; date_diff would count clock minutes.
      "date_sub('minute', max(timestamp) FILTER (upToRow AND eventType = '\(type.rawValue)'), "
        + "any_value(pick.at)) AS \(name)"
    }
  }

  private func quoted(_ identifier: String) -> String {
    "\"" + identifier.replacing("\"", with: "\"\"") + "\""
  }
}
