// Writes RFC 8785 canonical JSON: the one byte form of a value, whatever machine writes it.

/// A value that has no canonical form.
public enum CanonicalJSONError: Error, CustomStringConvertible {
  case notFinite(Double)

  /// The error in one sentence.
  public var description: String {
    switch self {
    case .notFinite(let value): "\(value) has no JSON form; keys take finite numbers only"
    }
  }
}

extension JSONValue {
  /// The RFC 8785 bytes: keys sorted by UTF-16 units, numbers as ECMAScript prints them.
  ///
  /// Integers beyond 2^53 become decimal strings, since a JSON number there means another value
  /// to most readers. Throws for NaN and the infinities.
  public func canonicalBytes() throws(CanonicalJSONError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256)
    try write(to: &bytes)
    return bytes
  }

  /// The canonical form as text.
  public func canonicalText() throws(CanonicalJSONError) -> String {
    String(decoding: try canonicalBytes(), as: UTF8.self)
  }

  /// A text as JSON has it, in quotes.
  package static func quoted(_ text: String) -> String {
    var out: [UInt8] = []
    write(string: text, to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  private func write(to out: inout [UInt8]) throws(CanonicalJSONError) {
    switch self {
    case .null: out.append(contentsOf: "null".utf8)
    case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value):
      let text = String(value)
      if value.magnitude > 1 << 53 { Self.write(string: text, to: &out) } else { out += text.utf8 }
    case .number(let value): out += try Self.ecmaScript(value).utf8
    case .string(let text): Self.write(string: text, to: &out)
    case .array(let elements):
      out.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        try element.write(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      out.append(UInt8(ascii: "{"))
      var first = true
      for (key, value) in members.sorted(by: { Self.precedes($0.key, $1.key) }) {
        if !first { out.append(UInt8(ascii: ",")) }
        first = false
        Self.write(string: key, to: &out)
        out.append(UInt8(ascii: ":"))
        try value.write(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  /// Order by UTF-16 units, which differs from UTF-8 order only above the surrogates.
  public static func precedes(_ a: String, _ b: String) -> Bool {
    var left = a.utf8.makeIterator()
    var right = b.utf8.makeIterator()
    while true {
      guard let y = right.next() else { return false }
      guard let x = left.next() else { return true }
      if x == y { continue }
      // 0xEE begins U+E000 and above, of which the surrogates' characters come last in UTF-8 only.
      return max(x, y) < 0xEE ? x < y : a.utf16.lexicographicallyPrecedes(b.utf16)
    }
  }

  private static func write(string: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    defer { out.append(UInt8(ascii: "\"")) }
    // Nearly all strings need no escape and go out in one piece.
    let isPlain = string.utf8.allSatisfy {
      $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    if isPlain {
      out.append(contentsOf: string.utf8)
      return
    }
    for unit in string.utf8 {
      switch unit {
      case UInt8(ascii: "\""): out += [UInt8(ascii: "\\"), unit]
      case UInt8(ascii: "\\"): out += [unit, unit]
      case 0x08: out += "\\b".utf8
      case 0x09: out += "\\t".utf8
      case 0x0A: out += "\\n".utf8
      case 0x0C: out += "\\f".utf8
      case 0x0D: out += "\\r".utf8
      case 0..<0x20:
        let hex = String(unit, radix: 16)
        out += ("\\u" + String(repeating: "0", count: 4 - hex.count) + hex).utf8
      default: out.append(unit)
      }
    }
  }

  /// A double as ECMAScript's Number::toString gives it.
  ///
  /// Swift's `description` finds the same shortest digits but lays them out differently.
  static func ecmaScript(_ value: Double) throws(CanonicalJSONError) -> String {
    guard value.isFinite else { throw .notFinite(value) }
    if value == 0 { return "0" }
    var (digits, point) = shortestDigits(value.magnitude)
    let sign = value < 0 ? "-" : ""
    let count = digits.count
    if point > 21 || point < -5 {
      let exponent = point - 1
      let first = digits.removeFirst()
      let mantissa = digits.isEmpty ? String(first) : "\(first).\(digits)"
      return "\(sign)\(mantissa)e\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
    }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    if point >= count { return sign + digits + String(repeating: "0", count: point - count) }
    return sign + digits.prefix(point) + "." + digits.dropFirst(point)
  }

  /// The significant digits, and the exponent p so that the value is 0.<digits> x 10^p.
  private static func shortestDigits(_ value: Double) -> (digits: String, point: Int) {
    let parts = value.description.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let halves = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = halves[0]
    let fraction = halves.count > 1 ? halves[1] : ""
    let all = String(whole + fraction)
    let leading = all.prefix { $0 == "0" }.count
    var digits = all.dropFirst(leading)
    while digits.last == "0" { digits.removeLast() }
    return (String(digits), whole.count - leading + exponent)
  }
}
