// What DuckDB answers, as typed values, and the columns of a relation by it.
import AtelierStep
import Content

/// A column and its type in DuckDB's words.
public struct SQLColumn: Sendable, Hashable {
  /// The column's name.
  public let name: String
  /// Its type, such as `BIGINT`.
  public let type: String

  /// A column of a type.
  public init(name: String, type: String) {
    self.name = name
    self.type = type
  }
}

extension DuckDB {
  /// Runs one query and gives its rows, each an object by column.
  ///
  /// Whole numbers up to 64 bits are exact. For answers that fit into memory.
  public func rows(
    _ query: String, with variables: [String: SQLValue] = [:]
  ) throws -> [JSONValue] {
    let text = try run(query, with: variables, mode: .json)
    let isBlank = text.utf8.allSatisfy { $0 <= 0x20 }
    return isBlank ? [] : try JSONValue(parsing: text).array ?? []
  }

  /// The columns of a relation in their order; it reads no row.
  public func columns(
    of relation: String, with variables: [String: SQLValue] = [:]
  ) throws -> [SQLColumn] {
    try rows(
      "SELECT column_name AS name, column_type AS type FROM (DESCRIBE FROM \(relation));",
      with: variables
    ).map { SQLColumn(name: $0["name"]?.string ?? "", type: $0["type"]?.string ?? "") }
  }
}
