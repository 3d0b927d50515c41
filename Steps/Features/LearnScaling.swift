// The step that learns how features of a group are scaled. It scales nothing.
import AtelierStep
import DuckDB
import FeatureSQL
import LearningFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The mean and the deviation of features, learnt once a group: from the records of its first ingestion.
///
/// Later ingestions change nothing of it, so that records of all files are scaled alike, and models of one
/// group can be compared. A feature whose values are all equal gets the deviation 1. What is declared is
/// taken as it is.
public struct LearnScaling: Step {
  /// The feature group, whose first ingestion is read.
  public var history: Artifact<FeatureHistory>
  /// The features whose scale is learnt.
  public var features: [String]
  /// The scales that are given, by feature.
  public var declared: [String: FeatureScale] = [:]
  /// The mean and the deviation of each feature, learned or declared.
  public var scaling = Output<FeatureScaling>()

  /// DuckDB, which computes means and deviations.
  public var programs: [Program] { [.duckdb] }

  /// Learns the scales; fails for a feature that the group does not have.
  public func run(in context: StepContext) throws {
    var scales = declared
    if !features.isEmpty {
      let files = try HistoryFiles(history, firstBatchAlone: true, in: context)
      let known = Set(files.definition.features.map(\.name))
      if let unknown = features.first(where: { !known.contains($0) }) {
        throw StepFailure("the feature group has no feature '\(unknown)' to scale")
      }
      let database = try DuckDB(in: context)
      for feature in features {
        scales[feature] = try scale(of: feature, files.sql, database)
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try (encoder.encode(scales) + [UInt8(ascii: "\n")]).write(
      to: URL(fileURLWithPath: context.path(scaling)))
  }

  /// Sums are compensated, so the order of the rows hardly counts, and rounded beyond what it does.
  private func scale(
    of feature: String, _ sql: FeatureSQL, _ database: DuckDB
  ) throws -> FeatureScale {
    let name = SQLName.quoted(feature)
    let answer = try database.run(
      """
      WITH given AS (
        SELECT \(name)::DOUBLE AS value FROM (\(sql.records)) WHERE \(name) IS NOT NULL
      ),
      center AS (SELECT favg(value ORDER BY value) AS mean FROM given)
      SELECT round(any_value(mean), 12),
        round(sqrt(favg((value - mean) * (value - mean) ORDER BY value)), 12)
      FROM given, center;
      """)
    let numbers = answer.split(separator: "\n").last?.split(separator: ",").compactMap {
      Double($0)
    }
    guard let numbers, numbers.count == 2, numbers.allSatisfy(\.isFinite) else {
      throw StepFailure(
        "the first ingestion of the group has no value of '\(feature)' to learn its scale from; "
          + "declare mean and deviation")
    }
    return FeatureScale(mean: numbers[0], deviation: numbers[1] > 0 ? numbers[1] : 1)
  }
}
