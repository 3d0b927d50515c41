// The step that counts the users of every interval of scores. It knows no rule.
import AtelierStep
import DuckDB
import PropensityFormats

/// The topology from which people pick an interval: from, to, reach.
///
/// Reach counts the users with from <= score <= to. The grid has all pairs of hundredths with
/// from <= to, 5151 rows, so that the reach of any interval of two decimals can be read off it.
public struct ReachMatrix: Step {
  /// The propensity of every user.
  public var scores: Artifact<Scores>
  /// A row per interval: from, to, reach.
  public var topology = Output<Topology>()

  /// DuckDB, which counts.
  public var programs: [Program] { [.duckdb] }
  /// `topology.sql` after `scores.sql`, which reads the scores.
  public var sql: [String: String] { script.files }

  private var script: ScoreScript { ScoreScript(statements: SQLFile.topology) }

  /// Counts the users of all 5151 intervals.
  public func run(in context: StepContext) throws {
    try DuckDB(in: context).run(
      try script.text(in: context),
      with: [
        "scores": .text(try context.path(scores)),
        "topology": .text(try context.path(topology)),
      ])
  }
}
