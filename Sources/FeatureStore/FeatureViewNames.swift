// The names under which SQL sees a feature group. It knows no group but by its name.

/// The views of one group: its records, the latest ones, and those as of a time.
package struct FeatureViewNames: Hashable, Sendable {
  package let records: String
  package let latest: String
  package let at: String

  /// SQL takes no hyphen in a name, so it is an underscore there.
  package init(of group: String) {
    records = group.replacing("-", with: "_")
    latest = records + "_latest"
    at = records + "_at"
  }

  package var all: [String] { [records, latest, at] }

  /// A name that two groups share, since SQL knows no case; nil where there is none.
  package func shared(with other: FeatureViewNames) -> String? {
    let others = Set(other.all.map { $0.lowercased() })
    return all.first { others.contains($0.lowercased()) }
  }
}
