// The step that lists a segment's members. It checks no number.
import AtelierStep
import DuckDB
import PropensityFormats

/// The users with from <= score <= to, compared as exact decimals, in order.
public struct ListMembers: Step {
  /// The propensity of every user.
  public var scores: Artifact<Scores>
  /// The lower border, 0 to 1 with at most two decimals; users with this score belong to it.
  public var from: Double
  /// The upper border, likewise.
  public var to: Double
  /// The user ids in order.
  public var members = Output<Members>()

  /// DuckDB, which compares the scores as decimals.
  public var programs: [Program] { [.duckdb] }
  /// `members.sql` after `scores.sql`, which reads the scores.
  public var sql: [String: String] { script.files }

  private var script: ScoreScript { ScoreScript(statements: SQLFile.members) }

  /// Lists the users whose score is in the interval.
  public func run(in context: StepContext) throws {
    let interval = try PropensityInterval(from: from, to: to)
    try DuckDB(in: context).run(
      try script.text(in: context),
      with: [
        "scores": .text(try context.path(scores)),
        "lowest": .integer(Int64(interval.from)),
        "highest": .integer(Int64(interval.to)),
        "members": .text(try context.path(members)),
      ])
  }
}
