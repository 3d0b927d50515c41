// The names under which SQL sees feature groups. It runs nothing.
import CommandLine
import DuckDB
import FeatureSQL

struct FeatureViews {
  private enum Kind {
    case records, latest, at
  }

  private typealias View = (name: String, kind: Kind, group: KnownGroup)

  private let views: [View]
  /// Names that would mean two groups, in lower case, with those groups.
  private let shared: [String: [KnownGroup]]

  /// A name that would mean two groups means none: ingestion refuses new groups with such names, and
  /// those of several workshops, or of older versions, keep their others.
  init(_ groups: [KnownGroup]) {
    let all = groups.flatMap { group -> [View] in
      [
        (group.views.records, .records, group), (group.views.latest, .latest, group),
        (group.views.at, .at, group),
      ]
    }
    let meanings = Dictionary(grouping: all) { $0.name.lowercased() }
    shared = meanings.filter { $0.value.count > 1 }.mapValues { $0.map(\.group) }
    views = all.filter { meanings[$0.name.lowercased()]?.count == 1 }
  }

  /// As people write them.
  var names: [String] { views.map { $0.kind == .at ? "\($0.name)(seconds)" : $0.name } }

  /// Makes the views whose names stand in a query: the files of no other group are looked at.
  ///
  /// Throws where it names what would mean two groups.
  func script(for query: String, _ database: FeatureDatabase) throws -> String {
    let words = Set(
      query.lowercased().split { !($0 == "_" || $0.isLetter || $0.isNumber) }.map(String.init))
    for (name, groups) in shared.sorted(by: { $0.key < $1.key }) where words.contains(name) {
      throw UsageError(
        "'\(name)' would mean the feature groups "
          + groups.map { "\($0.name) (\($0.workshop))" }.joined(separator: " and ")
          + ", since SQL knows no case and a hyphen is an underscore there; say which workshop with "
          + "--workshop NAME, use `atelier features get`, or delete one of them")
    }
    var meanings: [String: FeatureSQL] = [:]
    return try views.filter { words.contains($0.name.lowercased()) }.map { view in
      let key = "\(view.group.workshop)/\(view.group.name)"
      let sql = try meanings[key] ?? database.sql(view.group)
      meanings[key] = sql
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
