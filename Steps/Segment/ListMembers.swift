// The step that lists a segment's members. It checks no number.
import AtelierStep
import DuckDB
import PropensityFormats

/// The users with from <= score <= to, compared as exact decimals, in order.
public struct ListMembers: Step {
  public var scores: Artifact<Scores>
  /// The lower border, 0 to 1 with at most two decimals; users with this score belong to it.
  public var from: Double
  /// The upper border, likewise.
  public var to: Double
  public var members = Output<Members>()

  public var programs: [Program] { [.duckdb] }
  public var sql: [String: String] { script.files }

  private var script: ScoreScript { ScoreScript(statements: SQLFile.members) }

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
