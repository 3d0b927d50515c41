// The SQL scripts of this family by name. It runs none of them.
import AtelierStep

/// A script over the scores: the table of exact scores, then the statements of one step.
struct ScoreScript {
  private let name: String
  private let bytes: [UInt8]

  static let histogram = ScoreScript(name: "histogram.sql", bytes: PackageResources.histogram_sql)
  static let reach = ScoreScript(name: "reach.sql", bytes: PackageResources.reach_sql)
  static let topology = ScoreScript(name: "topology.sql", bytes: PackageResources.topology_sql)
  static let members = ScoreScript(name: "members.sql", bytes: PackageResources.members_sql)

  private var scores: String { String(decoding: PackageResources.scores_sql, as: UTF8.self) }
  private var statements: String { String(decoding: bytes, as: UTF8.self) }

  /// The files by name, as they enter the key.
  var files: [String: String] { ["scores.sql": scores, name: statements] }

  /// What runs, as the step lists it.
  func text(in context: StepContext) throws -> String {
    try context.sql("scores.sql") + "\n" + context.sql(name)
  }
}
