// The step that counts users by score. It knows no interval and no rule.
import AtelierStep
import DuckDB
import PropensityFormats

/// How many users each of 20 buckets of scores holds.
///
/// A bucket is named by its lower border, 0.00 to 0.95, and holds it; the last one also holds 1.
public struct ScoreHistogram: Step {
  /// The propensity of every user.
  public var scores: Artifact<Scores>
  /// A row per bucket: the bucket and its reach.
  public var histogram = Output<Histogram>()

  /// DuckDB, which counts.
  public var programs: [Program] { [.duckdb] }
  /// `histogram.sql` after `scores.sql`, which reads the scores.
  public var sql: [String: String] { script.files }

  private var script: ScoreScript { ScoreScript(statements: SQLFile.histogram) }

  /// Counts the users of each bucket.
  public func run(in context: StepContext) throws {
    try DuckDB(in: context).run(
      try script.text(in: context),
      with: [
        "scores": .text(try context.path(scores)),
        "histogram": .text(try context.path(histogram)),
      ])
  }
}
