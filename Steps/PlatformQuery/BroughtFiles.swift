// The files of what was brought from the platform, in one order.
import AtelierStep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The Parquet files below a folder.
enum BroughtFiles {
  /// Their paths, sorted; throws where there is none.
  static func paths(in folder: String) throws -> [String] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".parquet") }.sorted()
    guard !names.isEmpty else { throw StepFailure("the platform gave no Parquet file") }
    return names.map { "\(folder)/\($0)" }
  }
}
