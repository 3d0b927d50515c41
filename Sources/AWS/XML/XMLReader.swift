// A small strict parser for the XML of AWS: elements, text, CDATA, comments, entities.
// No document types (so no entities of the document's own), and no nesting deeper than 32.

struct XMLReader {
  private static let deepest = 32
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The root element; nothing but comments and instructions may stand around it.
  mutating func document() throws(XMLParseError) -> XMLTree {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    try skipAround()
    let root = try element(depth: 1)
    try skipAround()
    guard position == bytes.count else { throw fault("the end") }
    return root
  }

  private mutating func skipAround() throws(XMLParseError) {
    while true {
      skipSpace()
      if take("<?") {
        try skip(past: "?>")
      } else if take("<!--") {
        try skip(past: "-->")
      } else {
        return
      }
    }
  }

  private mutating func element(depth: Int) throws(XMLParseError) -> XMLTree {
    guard depth <= Self.deepest else { throw fault("no deeper nesting") }
    guard take("<") else { throw fault("an element") }
    let name = try name()
    var element = XMLTree(name: Self.local(name))
    if try attributes() { return element }
    var text: [UInt8] = []
    while !take("</") {
      if take("<!--") {
        try skip(past: "-->")
      } else if take("<![CDATA[") {
        text += try bytes(until: "]]>")
      } else if take("<?") {
        try skip(past: "?>")
      } else if peek == UInt8(ascii: "<") {
        element.children.append(try self.element(depth: depth + 1))
      } else {
        try characters(into: &text)
      }
    }
    guard try self.name() == name else { throw fault("the end of <\(name.prefix(60))>") }
    skipSpace()
    guard take(">") else { throw fault("'>'") }
    guard let decoded = String(validating: text, as: UTF8.self) else { throw fault("UTF-8") }
    element.text = decoded
    return element
  }

  /// Skips the attributes; whether the element ends here, having no content.
  private mutating func attributes() throws(XMLParseError) -> Bool {
    while true {
      let before = position
      skipSpace()
      if take("/>") { return true }
      if take(">") { return false }
      guard position > before else { throw fault("a space, '>' or '/>'") }
      _ = try name()
      skipSpace()
      guard take("=") else { throw fault("'='") }
      skipSpace()
      guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
        throw fault("a quoted value")
      }
      position += 1
      while let byte = peek, byte != quote, byte != UInt8(ascii: "<") { position += 1 }
      guard peek == quote else { throw fault("the closing quote") }
      position += 1
    }
  }

  private mutating func name() throws(XMLParseError) -> String {
    let start = position
    while let byte = peek, Self.isNameByte(byte) { position += 1 }
    guard position > start else { throw fault("a name") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: ":"), 0x80...:
      true
    default: false
    }
  }

  private static func local(_ name: String) -> String {
    name.split(separator: ":").last.map(String.init) ?? name
  }

  /// Text up to the next `<`.
  private mutating func characters(into text: inout [UInt8]) throws(XMLParseError) {
    while let byte = peek, byte != UInt8(ascii: "<") {
      if byte == UInt8(ascii: "&") {
        text += try entity().utf8
      } else {
        text.append(byte)
        position += 1
      }
    }
    guard peek != nil else { throw fault("the end of the element") }
  }

  private mutating func entity() throws(XMLParseError) -> String {
    let start = position
    position += 1
    let known = ["amp;": "&", "lt;": "<", "gt;": ">", "quot;": "\"", "apos;": "'"]
    for (name, text) in known where take(name) { return text }
    guard take("#") else { throw fault("one of XML's five entities", at: start) }
    let radix = take("x") ? 16 : 10
    let digits = position
    while let byte = peek, byte != UInt8(ascii: ";"), position - digits < 8 { position += 1 }
    let text = String(decoding: bytes[digits..<position], as: UTF8.self)
    guard take(";"), text.first != "+", text.first != "-",
      let number = UInt32(text, radix: radix), let scalar = Unicode.Scalar(number)
    else { throw fault("the number of a character", at: start) }
    return String(Character(scalar))
  }

  // ---- bytes ----

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ text: String) -> Bool {
    guard bytes[position...].starts(with: text.utf8) else { return false }
    position += text.utf8.count
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 32 || (9...13).contains(byte) { position += 1 }
  }

  private mutating func skip(past mark: String) throws(XMLParseError) {
    _ = try bytes(until: mark)
  }

  private mutating func bytes(until mark: String) throws(XMLParseError) -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count {
      let end = position
      if take(mark) { return bytes[start..<end] }
      position += 1
    }
    throw fault("'\(mark)'", at: start)
  }

  private func fault(_ expected: String, at offset: Int? = nil) -> XMLParseError {
    XMLParseError(offset: offset ?? position, expected: expected)
  }
}
