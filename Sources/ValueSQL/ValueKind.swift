// DuckDB's types as the kinds of value that they hold. It reads no value.
import AtelierStep

/// What a column of a type holds.
enum ValueKind: Hashable {
  case text
  case whole
  /// With this many digits after the point.
  case decimal(scale: Int)
  case fraction
  case boolean
  /// A moment without a zone; `TIMESTAMP` and its finer and coarser forms.
  case timestamp
  /// A moment with a zone.
  case zonedTimestamp
  case date
  /// A list, a struct, a map, a union or an array.
  case nested
  case other

  /// The kind of a type in DuckDB's words.
  init(_ type: String) {
    let type = type.uppercased()
    let plain = type.prefix { $0 != "(" }.trimmed
    switch plain {
    case _ where type.hasSuffix("]"): self = .nested
    case "STRUCT", "MAP", "UNION": self = .nested
    case "VARCHAR", "TEXT", "STRING", "CHAR", "BPCHAR", "ENUM", "JSON": self = .text
    case "TINYINT", "SMALLINT", "INTEGER", "INT", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
      "UINTEGER", "UBIGINT", "UHUGEINT", "INT1", "INT2", "INT4", "INT8", "LONG", "SHORT":
      self = .whole
    case "DECIMAL", "NUMERIC", "DEC": self = .decimal(scale: Self.scale(type))
    case "DOUBLE", "FLOAT", "REAL", "FLOAT4", "FLOAT8": self = .fraction
    case "BOOLEAN", "BOOL", "LOGICAL": self = .boolean
    case "TIMESTAMP", "DATETIME", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S", "TIMESTAMP_US":
      self = .timestamp
    case "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ": self = .zonedTimestamp
    case "DATE": self = .date
    default: self = .other
    }
  }

  /// The digits after the point of `DECIMAL(18, 3)`; DuckDB's own where nothing is said.
  private static func scale(_ type: String) -> Int {
    guard let open = type.firstIndex(of: "(") else { return 3 }
    let parts = type[type.index(after: open)...].prefix { $0 != ")" }.split(separator: ",")
    return parts.count > 1 ? Int(parts[1].trimmed) ?? 0 : 0
  }
}

extension Substring {
  fileprivate var trimmed: String { String(self).split(separator: " ").joined(separator: " ") }
}
