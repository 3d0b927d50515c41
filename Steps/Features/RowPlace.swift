// What a row's place is called. It knows no table.

/// What the place of a row in the user's file is called.
public enum RowPlace: String, Codable, Sendable {
  /// A line of text.
  case line
  /// A row of Parquet or a workbook.
  case row
}
