// Reads the plain part of XML that drawings consist of: elements, attributes and text. Doctypes,
// entities of their own, instructions and CDATA are refused, since browsers read them in ways of
// their own.

/// The tokens of an SVG text, one after the other.
struct SVGReader {
  typealias Attribute = (name: String, value: String)

  enum Token {
    case start(String, [Attribute], isEmpty: Bool)
    case end(String)
    case text(String)
  }

  private var rest: Substring.UnicodeScalarView

  init(_ text: String) { rest = Substring(text).unicodeScalars }

  /// The next token; nil at the end.
  mutating func next() throws(InlineSVG.Refusal) -> Token? {
    while true {
      guard let first = rest.first else { return nil }
      guard first == "<" else { return .text(try decoded(take { $0 != "<" })) }
      if starts(with: "<!--") {
        try skip(past: "-->")
      } else if starts(with: "<?xml ") {
        try skip(past: "?>")
      } else {
        rest.removeFirst()
        return try tag()
      }
    }
  }

  private mutating func tag() throws(InlineSVG.Refusal) -> Token {
    if rest.first == "/" {
      rest.removeFirst()
      let name = try name()
      skipSpace()
      try expect(">")
      return .end(name)
    }
    guard rest.first != "!", rest.first != "?" else {
      throw InlineSVG.Refusal(reason: "it holds a declaration or an instruction")
    }
    let element = try name()
    var attributes: [Attribute] = []
    while true {
      skipSpace()
      if rest.first == ">" {
        rest.removeFirst()
        return .start(element, attributes, isEmpty: false)
      }
      if rest.first == "/" {
        rest.removeFirst()
        try expect(">")
        return .start(element, attributes, isEmpty: true)
      }
      let name = try name()
      guard !attributes.contains(where: { $0.name == name }) else { throw Self.malformed }
      skipSpace()
      try expect("=")
      skipSpace()
      guard let quote = rest.first, quote == "\"" || quote == "'" else { throw Self.malformed }
      rest.removeFirst()
      let value = take { $0 != quote && $0 != "<" }
      try expect(quote)
      attributes.append((name, try decoded(value)))
    }
  }

  private static let malformed = InlineSVG.Refusal(reason: "it is not well formed")

  private mutating func name() throws(InlineSVG.Refusal) -> String {
    let name = take { scalar in
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        || ("0"..."9").contains(scalar) || ":-_".unicodeScalars.contains(scalar)
    }
    guard !name.isEmpty, name.count < 100 else { throw Self.malformed }
    return name
  }

  /// A text with XML's own five entities and numbers resolved.
  private func decoded(_ text: String) throws(InlineSVG.Refusal) -> String {
    guard text.contains("&") else { return text }
    var parts = text.split(separator: "&", omittingEmptySubsequences: false)
    var out = String(parts.removeFirst())
    for part in parts {
      guard let end = part.firstIndex(of: ";") else { throw Self.malformed }
      switch part[..<end] {
      case "amp": out += "&"
      case "lt": out += "<"
      case "gt": out += ">"
      case "quot": out += "\""
      case "apos": out += "'"
      case let number where number.first == "#":
        let digits = number.dropFirst()
        let value =
          digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let scalar = value.flatMap(Unicode.Scalar.init) else { throw Self.malformed }
        out.unicodeScalars.append(scalar)
      default: throw InlineSVG.Refusal(reason: "it uses the entity \(part[..<end].prefix(20))")
      }
      out += part[part.index(after: end)...]
    }
    return out
  }

  private mutating func take(while holds: (Unicode.Scalar) -> Bool) -> String {
    let taken = rest.prefix(while: holds)
    rest = rest[taken.endIndex...]
    return String(taken)
  }

  private mutating func skipSpace() {
    rest = rest.drop { " \t\r\n".unicodeScalars.contains($0) }
  }

  private mutating func expect(_ scalar: Unicode.Scalar) throws(InlineSVG.Refusal) {
    guard rest.first == scalar else { throw Self.malformed }
    rest.removeFirst()
  }

  private func starts(with text: String) -> Bool { rest.starts(with: text.unicodeScalars) }

  private mutating func skip(past text: String) throws(InlineSVG.Refusal) {
    while !rest.isEmpty {
      if starts(with: text) {
        rest = rest.dropFirst(text.unicodeScalars.count)
        return
      }
      rest.removeFirst()
    }
    throw Self.malformed
  }
}
