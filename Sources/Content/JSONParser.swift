// Reads strict JSON (RFC 8259) of documents that Atelier wrote itself or that steps made.

/// A text that is not JSON, with the byte offset of the first fault.
public struct JSONParseError: Error, CustomStringConvertible {
  /// The position of the first byte that is not valid.
  public let offset: Int
  /// What a valid text would have there.
  public let expected: String
  /// The error in one sentence.
  public var description: String { "not JSON at byte \(offset): expected \(expected)" }
}

extension JSONValue {
  /// Parses one JSON text; duplicate keys and more than 256 levels of nesting are refused.
  ///
  /// A number without fraction and exponent that fits 64 bits becomes an integer, but beyond 2^53
  /// a double where the canonical form of a double is this very text: the canonical form of a value
  /// read back is what was read.
  public init(parsing bytes: some Collection<UInt8>) throws(JSONParseError) {
    var parser = JSONParser(bytes: Array(bytes))
    self = try parser.document()
  }

  /// Parses one JSON text.
  public init(parsing text: String) throws(JSONParseError) {
    try self.init(parsing: Array(text.utf8))
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  var position = 0
  var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONParseError) -> JSONValue {
    let result = try value()
    skipSpace()
    guard position == bytes.count else { throw fault("the end of the text") }
    return result
  }

  private func fault(_ expected: String) -> JSONParseError {
    JSONParseError(offset: position, expected: expected)
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(JSONParseError) -> JSONValue {
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return try nested { (p) throws(JSONParseError) in try p.object() }
    case UInt8(ascii: "["): return try nested { (p) throws(JSONParseError) in try p.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONParseError) -> JSONValue
  ) throws(JSONParseError) -> JSONValue {
    depth += 1
    guard depth <= 256 else { throw fault("at most 256 levels of nesting") }
    defer { depth -= 1 }
    return try body(&self)
  }

  private mutating func word(
    _ text: StaticString, _ result: JSONValue
  ) throws(JSONParseError) -> JSONValue {
    for index in 0..<text.utf8CodeUnitCount {
      guard take(text.utf8Start[index]) else { throw fault("\(text)") }
    }
    return result
  }

  private mutating func object() throws(JSONParseError) -> JSONValue {
    position += 1
    var members: [String: JSONValue] = [:]
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw fault("a key in quotes") }
      let start = position
      let key = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw fault("':'") }
      guard members.updateValue(try value(), forKey: key) == nil else {
        throw JSONParseError(
          offset: start, expected: "a key other than '\(key.prefix(60))', which was given")
      }
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw fault("',' or '}'") }
    }
  }

  private mutating func array() throws(JSONParseError) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value())
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      guard take(UInt8(ascii: ",")) else { throw fault("',' or ']'") }
    }
  }

  private mutating func string() throws(JSONParseError) -> String {
    position += 1
    let start = position
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      position += 1
    }
    var units = Array(bytes[start..<position])
    while let byte = current {
      position += 1
      if byte == UInt8(ascii: "\"") {
        guard let text = String(validating: units, as: UTF8.self) else {
          throw JSONParseError(offset: start, expected: "UTF-8")
        }
        return text
      }
      if byte == UInt8(ascii: "\\") {
        try escape(into: &units)
      } else if byte < 0x20 {
        position -= 1
        throw fault("no raw control character in a string")
      } else {
        units.append(byte)
      }
    }
    throw fault("the closing quote of a string")
  }

  private mutating func escape(into units: inout [UInt8]) throws(JSONParseError) {
    guard let byte = current else { throw fault("an escape") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(byte)
    case UInt8(ascii: "b"): units.append(0x08)
    case UInt8(ascii: "f"): units.append(0x0C)
    case UInt8(ascii: "n"): units.append(0x0A)
    case UInt8(ascii: "r"): units.append(0x0D)
    case UInt8(ascii: "t"): units.append(0x09)
    case UInt8(ascii: "u"):
      var code = UInt32(try hexUnit())
      if code & 0xFC00 == 0xD800 {
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
          throw fault("the second half of a surrogate pair")
        }
        let low = UInt32(try hexUnit())
        guard low & 0xFC00 == 0xDC00 else { throw fault("a low surrogate") }
        code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
      }
      guard let scalar = Unicode.Scalar(code) else { throw fault("no lone surrogate") }
      units += String(scalar).utf8
    default: throw fault("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
    }
  }

  private mutating func hexUnit() throws(JSONParseError) -> UInt16 {
    guard position + 4 <= bytes.count,
      bytes[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw fault("four hexadecimal digits") }
    position += 4
    return unit
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = current, byte >= 0x30, byte <= 0x39 { position += 1 }
    return position - start
  }

  /// Whether canonical JSON has this text for a double: it writes large integers as strings.
  private func isCanonicalDouble(_ value: Int64, _ text: String) -> Bool {
    value.magnitude > 1 << 53 && (try? JSONValue.ecmaScript(Double(value))) == text
  }

  private mutating func number() throws(JSONParseError) -> JSONValue {
    let start = position
    var whole = true
    _ = take(UInt8(ascii: "-"))
    let zero = current == 0x30
    let count = digits()
    guard count > 0, !(zero && count > 1) else { throw fault("a JSON value") }
    if take(UInt8(ascii: ".")) {
      whole = false
      guard digits() > 0 else { throw fault("a digit") }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      whole = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard digits() > 0 else { throw fault("a digit") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if whole, let value = Int64(text), !isCanonicalDouble(value, text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else { throw fault("a number in range") }
    return .number(value)
  }
}
