// A column of a table by name and type. It builds no SQL.

/// A column of a table: its name and its DuckDB type.
public struct TableColumn: Codable, Sendable, Hashable {
  /// The column's name, as SQL has it without quotes.
  public let name: String
  /// The DuckDB type, such as `BIGINT` or `TIMESTAMP`.
  public let type: String

  /// A column of a DuckDB type.
  public init(_ name: String, _ type: String) {
    self.name = name
    self.type = type
  }
}
