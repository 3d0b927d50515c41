// The wish to stop long work on files, seen by whoever reads or writes many bytes. It stops nothing.

/// A question that work on files asks between two blocks and between two files.
package enum Interruption {
  /// Of the work that this thread does.
  @TaskLocal static var isAsked: @Sendable () -> Bool = { false }

  /// Does work that ends with `Interrupted` soon after the question was answered with yes.
  package static func heeding<Answer>(
    _ isAsked: @escaping @Sendable () -> Bool, _ work: () throws -> Answer
  ) rethrows -> Answer {
    try $isAsked.withValue(isAsked) { try work() }
  }

  /// Throws where the work is to stop.
  package static func check() throws(Interrupted) { if isAsked() { throw Interrupted() } }
}

/// Work that somebody stopped: nothing of it counts.
package struct Interrupted: Error, CustomStringConvertible {
  package var description: String { "stopped by you" }
}
