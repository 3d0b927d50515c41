// The step that gives the platform the scores, for the profiles of their users.
import AtelierStep
import PropensityFormats

/// Loads the scores into the scoring data set of the platform, once.
public struct LoadScores: Step {
  /// Calls to the platform.
  public static let isolation = Isolation.platform

  /// The scores as records of the data set.
  public var records: Artifact<ScoreRecords>
  /// Where they go.
  public var place: PlatformPlace
  /// The id of the data set.
  public var dataset: String
  /// How they get there.
  public var way: ScoreWay
  /// The tenant, without the underscore of its column.
  public var tenant: String
  /// The bucket of a flow.
  @Unkeyed public var bucket: String = ""
  /// The prefix in the bucket, without slashes at its ends; may be empty.
  @Unkeyed public var prefix: String = ""
  /// The batch that holds the scores.
  public var version = Output<Remote<Scores>>()

  /// Loads the records and waits until the platform has taken them.
  public func run(in context: StepContext) throws {
    try context.perform(
      PlatformCall(
        way == .batch ? "load-batch" : "import",
        [
          "dataset": .string(dataset), "format": way == .batch ? "json" : "csv",
          "profile": true, "tenant": .string(tenant), "bucket": .string(bucket),
          "prefix": .string(prefix),
        ],
        reads: ["file": [try context.path(records)]],
        writes: ["version": try context.path(version)]))
  }
}
