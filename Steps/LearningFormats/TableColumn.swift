// A column of a table by name and type. It builds no SQL.

/// A column of a table: its name and its DuckDB type.
public struct TableColumn: Codable, Sendable, Hashable {
  public let name: String
  public let type: String

  public init(_ name: String, _ type: String) {
    self.name = name
    self.type = type
  }
}
