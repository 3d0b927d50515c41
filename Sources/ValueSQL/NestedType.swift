// DuckDB's nested types taken apart, so that a field deep within a column is found by its path.
import DuckDB

/// A type with the fields that it has.
public indirect enum NestedType: Sendable, Hashable {
  /// A type without fields, in DuckDB's words.
  case plain(String)
  case structure([Field])
  /// A map from text to values.
  case map(NestedType)

  /// A field of a struct.
  public struct Field: Sendable, Hashable {
    /// The field's name.
    public let name: String
    /// What it holds.
    public let type: NestedType
  }

  /// Parses a type such as `STRUCT(a VARCHAR, "b c" STRUCT("value" DOUBLE))`.
  public init(_ text: String) {
    var parser = Parser(bytes: Array(text.utf8)[...])
    self = parser.type()
  }

  /// Where a path leads.
  public enum Place: Sendable, Hashable {
    /// An SQL expression and its type in DuckDB's words.
    case value(String, type: String)
    /// A struct or a map.
    case structure(String)
    /// The path leads through a value that is no struct; the expression of that value, and how many
    /// names of the path lead to it.
    case blocked(String, depth: Int)
    case missing
  }

  /// Follows a path from columns, whose first name is a column's.
  public static func find(_ path: [String], in columns: [SQLColumn]) -> Place {
    guard let first = path.first, let column = columns.first(where: { $0.name == first }) else {
      return .missing
    }
    var type = NestedType(column.type)
    var sql = SQLName.quoted(first)
    for (depth, name) in path.enumerated().dropFirst() {
      switch type {
      case .plain: return .blocked(sql, depth: depth)
      case .map(let value):
        sql += "[\(SQLValue.text(name).literal)]"
        type = value
      case .structure(let fields):
        guard let field = fields.first(where: { $0.name == name }) else { return .missing }
        sql += ".\(SQLName.quoted(name))"
        type = field.type
      }
    }
    if case .plain(let type) = type { return .value(sql, type: type) }
    return .structure(sql)
  }

  /// Reads a type's text from its beginning.
  private struct Parser {
    var bytes: ArraySlice<UInt8>

    /// A type, up to a comma or a closing parenthesis outside of its own.
    mutating func type() -> NestedType {
      let start = bytes
      let word = bytes.prefix { $0 >= 0x41 && $0 <= 0x5A }
      let name = String(decoding: word, as: UTF8.self)
      if name == "STRUCT" || name == "MAP", bytes.dropFirst(word.count).first == 0x28 {
        bytes = bytes.dropFirst(word.count + 1)
        let nested = name == "STRUCT" ? fields() : map()
        if isEnd { return nested }
        // A list of structs, for example.
      }
      passValue()
      return .plain(String(decoding: start[..<bytes.startIndex], as: UTF8.self))
    }

    private var isEnd: Bool { bytes.first.map { $0 == 0x2C || $0 == 0x29 } ?? true }

    private mutating func fields() -> NestedType {
      var fields: [Field] = []
      while let first = bytes.first, first != 0x29 {
        let name = fieldName()
        fields.append(Field(name: name, type: type()))
        passComma()
      }
      bytes = bytes.dropFirst()
      return .structure(fields)
    }

    private mutating func map() -> NestedType {
      _ = type()
      passComma()
      let value = type()
      bytes = bytes.dropFirst()
      return .map(value)
    }

    private mutating func fieldName() -> String {
      var name: [UInt8] = []
      if bytes.first == 0x22 {
        bytes = bytes.dropFirst()
        while let byte = bytes.popFirst() {
          if byte == 0x22 {
            guard bytes.first == 0x22 else { break }
            bytes = bytes.dropFirst()
          }
          name.append(byte)
        }
      } else {
        while let byte = bytes.first, byte != 0x20 {
          name.append(byte)
          bytes = bytes.dropFirst()
        }
      }
      bytes = bytes.drop { $0 == 0x20 }
      return String(decoding: name, as: UTF8.self)
    }

    private mutating func passComma() {
      if bytes.first == 0x2C { bytes = bytes.dropFirst().drop { $0 == 0x20 } }
    }

    /// Passes over a plain type, whose parentheses and quotes may hold anything.
    private mutating func passValue() {
      var depth = 0
      var quote: UInt8?
      while let byte = bytes.first {
        if let open = quote {
          if byte == open { quote = nil }
        } else if byte == 0x22 || byte == 0x27 {
          quote = byte
        } else if byte == 0x28 {
          depth += 1
        } else if byte == 0x29 || byte == 0x2C {
          if depth == 0 { return }
          if byte == 0x29 { depth -= 1 }
        }
        bytes = bytes.dropFirst()
      }
    }
  }
}
