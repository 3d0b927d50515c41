// The names under which SQL sees feature groups. It runs nothing.
import CommandLine
import DuckDB
import FeatureSQL

struct FeatureViews {
  private enum Kind {
    case records, latest, at
  }

  private let views: [(name: String, kind: Kind, group: KnownGroup)]

  /// Throws where two groups have one name; the name of a group comes before one that is derived.
  init(_ groups: [KnownGroup]) throws {
    var owners: [String: KnownGroup] = [:]
    for group in groups {
      if let other = owners.updateValue(group, forKey: group.view.lowercased()) {
        guard other.workshop != group.workshop else {
          throw UsageError(
            "the feature groups \(other.name) and \(group.name) have one name in SQL, which knows no "
              + "case; use `atelier features get`")
        }
        throw FeaturePlaces.ambiguous(group.name, [other.workshop, group.workshop])
      }
    }
    views = groups.flatMap { group -> [(name: String, kind: Kind, group: KnownGroup)] in
      let derived: [(String, Kind)] = [("_latest", .latest), ("_at", .at)]
      return [(group.view, .records, group)]
        + derived.map { (group.view + $0, $1, group) }
        .filter { owners[$0.0.lowercased()] == nil }
    }
  }

  /// As people write them.
  var names: [String] { views.map { $0.kind == .at ? "\($0.name)(seconds)" : $0.name } }

  /// Makes the views whose names stand in a query: the files of no other group are looked at.
  func script(for query: String, _ database: FeatureDatabase) throws -> String {
    let text = query.lowercased()
    var meanings: [String: FeatureSQL] = [:]
    return try views.filter { text.contains($0.name.lowercased()) }.map { view in
      let sql = try meanings[view.group.view] ?? database.sql(view.group)
      meanings[view.group.view] = sql
      let name = SQLName.quoted(view.name)
      // No feature's name begins with an underscore, so none is taken for the parameter.
      return switch view.kind {
      case .records: "CREATE VIEW \(name) AS \(sql.records);\n"
      case .latest: "CREATE VIEW \(name) AS \(sql.latest());\n"
      case .at: "CREATE MACRO \(name)(_moment) AS TABLE \(sql.latest(asOf: "_moment"));\n"
      }
    }.joined()
  }
}
