// The SQL over scores that the steps of this family share. It runs none.
import AtelierStep

/// A script over the scores: the table of exact scores, then the statements of one step.
struct ScoreScript {
  /// The statements of one step.
  let statements: Script

  /// The files by name, as they enter the key.
  var files: [String: String] { SQLFile.scores.named.merging(statements.named) { $1 } }

  /// What runs, as the step lists it.
  func text(in context: StepContext) throws -> String {
    try context.sql(SQLFile.scores) + "\n" + context.sql(statements)
  }
}
