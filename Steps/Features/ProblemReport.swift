// Says what is wrong with the rows of a table: the first fault, and how many rows more have one.
import AtelierStep
import DuckDB

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A script's view `problems` of (line, place, what) as one line in a file.
///
/// `line` is the row's, `place` orders the faults of one row.
enum ProblemReport {
  /// How a text of one column is copied as it is.
  static let plainText = #"FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'"#

  /// Writes the first problem, with the variable `problem` as the path.
  static let sql = """
    COPY (
      SELECT regexp_replace(first(what ORDER BY line, place, what), '\\s', ' ', 'g')
        || CASE count(DISTINCT line)
          WHEN 1 THEN '' WHEN 2 THEN '; 1 more such row'
          ELSE format('; {} more such rows', count(DISTINCT line) - 1) END
      FROM problems HAVING count(*) > 0
    ) TO (getvariable('problem')) (\(plainText));

    """

  /// Throws what the script left in its file.
  static func refuse(_ path: String, what: String) throws {
    let message = try String(contentsOfFile: path, encoding: .utf8)
    guard let line = message.split(separator: "\n").first else { return }
    throw StepFailure("the \(what) is refused: \(line)")
  }
}
