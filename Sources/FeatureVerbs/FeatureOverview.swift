// All feature groups of a project as values, for pages. It prints nothing.
import CommandLine
import Content
import DuckDB
import Project
import Subprocess

/// The feature groups of all workshops.
package enum FeatureOverview {
  /// What `features describe --json` says of each group; counts are left out where `duckdb` is missing.
  package static func groups(_ call: Call, _ context: VerbContext) throws -> [JSONValue] {
    let places = try FeaturePlaces(call, context)
    defer { places.close() }
    let groups = try places.all()
    guard !groups.isEmpty, let locator = places.locator else { return [] }
    guard (try? locator.path(of: .duckdb)) != nil else {
      let none = FeatureCounts(records: 0, identifiers: 0, first: nil, last: nil)
      return groups.map { known in
        FeatureDescription(summary: FeatureSummary(known: known, counts: none), batches: [:]).json
          .without(["records", "ids", "first", "last"])
      }
    }
    let database = try FeatureDatabase(locator, CancellationToken())
    defer { database.remove() }
    let counts = try FeatureCounts.of(groups, database)
    return try zip(groups, counts).map { known, counts in
      FeatureDescription(
        summary: FeatureSummary(known: known, counts: counts),
        batches: try FeatureCounts.batches(of: known, database)
      ).json
    }
  }
}

extension JSONValue {
  /// The same object with fewer members.
  fileprivate func without(_ names: [String]) -> JSONValue {
    guard let members = object else { return self }
    return .object(members.filter { !names.contains($0.key) })
  }
}
