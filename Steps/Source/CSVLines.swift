// Reads the little CSV that DuckDB prints. It reads no user's file.

/// The fields of CSV text whose fields hold no line end.
enum CSVLines {
  /// One array a line.
  static func fields(_ text: String) throws -> [[String]] {
    try text.split(separator: "\n").map { try CSVHeader.record(Array($0.utf8)) }
  }
}
