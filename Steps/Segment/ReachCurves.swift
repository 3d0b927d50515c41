// The step that cumulates the buckets of scores from both ends. It knows no interval and no rule.
import AtelierStep
import DuckDB
import PropensityFormats

/// How many users are at or above, and at or below, each of the 20 buckets of the histogram.
///
/// Both count the bucket itself, so that reachAbove + reachBelow = users + the bucket's reach.
/// reachAbove of bucket b counts the scores >= b: the topology's reach of [b, 1].
/// reachBelow counts the scores < b + 0.05: all users less the topology's reach of [b + 0.05, 1];
/// for the last bucket all users.
public struct ReachCurves: Step {
  /// The propensity of every user.
  public var scores: Artifact<Scores>
  /// A row per bucket: the bucket, reachAbove and reachBelow.
  public var curve = Output<ReachCurve>()

  /// DuckDB, which counts.
  public var programs: [Program] { [.duckdb] }
  /// `reach.sql` after `scores.sql`, which reads the scores.
  public var sql: [String: String] { script.files }

  private var script: ScoreScript { ScoreScript(statements: SQLFile.reach) }

  /// Counts the users above and below each bucket.
  public func run(in context: StepContext) throws {
    try DuckDB(in: context).run(
      try script.text(in: context),
      with: [
        "scores": .text(try context.path(scores)),
        "curve": .text(try context.path(curve)),
      ])
  }
}
