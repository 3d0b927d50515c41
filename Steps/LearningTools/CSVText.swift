// Writes small tables of plain fields. It quotes nothing.

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A CSV file whose fields need no quotes.
package enum CSVText {
  /// Writes a header and rows.
  package static func write(_ header: [String], _ rows: [[String]], to path: String) throws {
    let text = ([header] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }
}
