// All feature groups of a project as values, for pages. It prints nothing.
import CommandLine
import Content
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
    let database: FeatureDatabase
    do {
      database = try FeatureDatabase(locator, CancellationToken())
    } catch is UsageError {
      return groups.map { known in
        FeatureDescription(
          summary: FeatureSummary(
            known: known, counts: FeatureCounts(records: 0, identifiers: 0, first: nil, last: nil)),
          batches: [:]
        ).json.without(["records", "ids", "first", "last"])
      }
    }
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
