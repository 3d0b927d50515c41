// Renders declared features for DuckDB. It knows neither steps nor files.
import AtelierStep
import DuckDB

/// The SQL that computes features over events in DuckDB.
struct FeatureSQL {
  let features: [Feature]
  /// The tenant, without the underscore of its column.
  let tenant: String
  let rows: RowRule

  /// What the script reads besides `part`; `newest` is the path of a `NewestEventTime`, for a forecast.
  func variables(seed: Int, newest: String?) throws -> [String: SQLValue] {
    try rows.check()
    var variables: [String: SQLValue] = [
      "seed": .text(String(seed)), "target": .text(EventType.formFilledOut.rawValue),
    ]
    if case .forecast(let date, let days) = rows {
      guard let newest else {
        throw StepFailure("a forecast needs to know how far events go: give it a FindNewestEvent")
      }
      variables["date"] = .text(date)
      variables["days"] = .integer(Int64(days))
      variables["newest"] = .text(newest)
    }
    return variables
  }

  /// The script; it reads the relation `events`, and variables.
  var text: String {
    template.text
      .replacing("{{user}}", with: "\(SQLName.quoted("_" + tenant)).cmle_id")
      .replacing("{{pick}}", with: pick)
      .replacing("{{upToRow}}", with: upToRow)
      .replacing("{{features}}", with: features.map(column).joined(separator: ",\n    "))
  }

  private var template: Script {
    if case .forecast = rows { return SQLFile.forecast }
    return SQLFile.features
  }

  /// How a user's row is chosen among the events.
  private var pick: String {
    let event = "{'type': eventType, 'at': timestamp, 'id': _id, 'lot': lot}"
    if case .latest = rows {
      return "arg_max(\(event), (timestamp, _id, eventType))"
    }
    // The first subscription, else the event with the lowest lot.
    return """
      arg_min(
              \(event),
              (NOT isTarget, CASE WHEN isTarget THEN '' ELSE lot END, timestamp, _id, eventType)
            )
      """
  }

  /// Which events count.
  private var upToRow: String {
    if case .event(let gap) = rows, gap > 0 {
      return "event.timestamp <= \(Self.moment(gap))"
    }
    return "(event.timestamp, event._id) <= (pick.at, pick.id)"
  }

  /// The moment up to which events are known.
  private var moment: String {
    switch rows {
    case .event(let gap): gap > 0 ? Self.moment(gap) : "pick.at"
    case .latest: "pick.at"
    case .forecast: "moment"
    }
  }

  private static func moment(_ gap: Int) -> String { "pick.at - to_seconds(\(gap))" }

  private func column(_ feature: Feature) -> String {
    let name = SQLName.quoted(feature.name)
    return switch feature.kind {
    case .count(let type):
      "count(*) FILTER (upToRow AND eventType = '\(type.rawValue)') AS \(name)"
    case .minutes(let type):
      // date_sub counts whole minutes that have passed; date_diff would count clock minutes.
      "date_sub('minute', max(timestamp) FILTER (upToRow AND eventType = '\(type.rawValue)'), "
        + "any_value(\(moment))) AS \(name)"
    }
  }
}
