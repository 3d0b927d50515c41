// Names of columns and types in SQL text, where a variable can't stand.
import AtelierStep

/// Text for places of an SQL script that `getvariable` cannot fill.
public enum SQLName {
  /// A column's name as a quoted identifier.
  public static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// Several names, separated by commas.
  public static func list(_ names: [String]) -> String {
    names.map(quoted).joined(separator: ", ")
  }

  /// A type such as `BIGINT` or `DECIMAL(10, 2)`.
  ///
  /// Throws a `StepFailure` for a text with other characters than a type's name has.
  public static func type(_ text: String) throws -> String {
    let isPlain = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || " (),_".utf8.contains($0)
    }
    guard isPlain, text.utf8.first.map({ $0 >= 0x41 }) == true else {
      throw StepFailure("'\(text)' is no DuckDB type; give one such as BIGINT, DOUBLE or VARCHAR")
    }
    return text
  }
}
