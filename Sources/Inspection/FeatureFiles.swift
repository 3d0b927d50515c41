// The Parquet files in trees of feature records and histories, for whoever prints a tree.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import AtelierStep

package enum FeatureFiles {
  /// Whether a tree of that media type holds records of a feature group.
  package static func isKept(_ mediaType: String) -> Bool {
    [FeatureRecords.mediaType, FeatureHistory.mediaType].contains(mediaType)
  }

  /// In the order of ingestions and dates.
  package static func parquet(below folder: String) -> [String] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".parquet") }.sorted().map { "\(folder)/\($0)" }
  }

  /// What DuckDB is told of them: older ones lack the columns of newer features.
  package static let options = ", union_by_name = true, hive_partitioning = false"
}
