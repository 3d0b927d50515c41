// The step that asks Query Service a question over events. What its columns mean the asker knows.
import AtelierStep
import PlatformQueries
import PropensityFormats

/// Asks the platform a question about versions of the events.
///
/// The answer is text with a header: no type of the platform is trusted. The question ends in a total
/// order, so that the answer is the same each time.
public struct AskPlatform: Step {
  /// Calls to the platform.
  public static let isolation = Isolation.platform

  /// The versions whose rows are asked about, all of one data set.
  public var versions: [Artifact<Remote<EventTable>>]
  /// What the question is called in lists of queries.
  public var question: String
  /// The SELECT in the dialect of Query Service, over the rows of `EventSelection.placeholder`.
  public var text: String
  /// The columns of the answer, in order.
  public var columns: [String]
  /// The answer with a header.
  public var answer = Output<PlatformAnswer>()

  /// The question as it is sent, but for the table and the ids of the batches.
  public var sql: [String: String] { ["\(question).sql": text] }

  /// Asks, and writes all rows of the answer.
  public func run(in context: StepContext) throws {
    try context.perform(
      PlatformCall(
        "ask",
        [
          "question": .string(question), "sql": .string(try context.sql("\(question).sql")),
          "columns": .array(columns.map { .string($0) }),
        ],
        reads: ["versions": try versions.map { try context.path($0) }],
        writes: ["answer": try context.path(answer)]))
  }
}
