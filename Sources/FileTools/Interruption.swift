// The wish to stop long work on files, seen by whoever reads or writes many bytes. It stops nothing.

/// A question that work on files asks between two blocks and between two files.
package enum Interruption {
  /// The question as a value of a type with a name.
  ///
  /// With optimisation the runtime is asked for the type of a task local, and cannot find one that is a
  /// function's: `store stats` died of it on two cores, by Swift 6.3.
  private struct Question: Sendable {
    let isAsked: @Sendable () -> Bool
  }

  /// Of the work that this thread does.
  @TaskLocal private static var question = Question { false }

  static var isAsked: @Sendable () -> Bool { question.isAsked }

  /// Does work that ends with `Interrupted` soon after the question was answered with yes.
  package static func heeding<Answer>(
    _ isAsked: @escaping @Sendable () -> Bool, _ work: () throws -> Answer
  ) rethrows -> Answer {
    try $question.withValue(Question(isAsked: isAsked)) { try work() }
  }

  /// Throws where the work is to stop.
  package static func check() throws(Interrupted) { if isAsked() { throw Interrupted() } }
}

/// Work that somebody stopped: nothing of it counts.
package struct Interrupted: Error, CustomStringConvertible {
  package var description: String { "stopped by you" }
}
