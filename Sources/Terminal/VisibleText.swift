// What a program printed, for a terminal: whatever would control the terminal becomes visible text.

/// Turns bytes that come in blocks into text that a terminal only shows.
///
/// An escape sequence is shown as `^[[31m`, a NUL as `^@`, a character that hides or reverses text as
/// `\u{202E}`. Line ends and tabs stay.
package struct VisibleText {
  /// The beginning of a character whose other bytes are to come.
  private var rest: [UInt8] = []

  package init() {}

  /// The text of the characters that a block completes.
  package mutating func feed(_ block: [UInt8]) -> String {
    rest += block
    let end = Self.completeCount(of: rest)
    defer { rest.removeFirst(end) }
    return Self.visible(String(decoding: rest[..<end], as: UTF8.self))
  }

  /// What is left at the end.
  package mutating func finish() -> String {
    defer { rest = [] }
    return Self.visible(String(decoding: rest, as: UTF8.self))
  }

  /// The count of bytes without an unfinished character at the end.
  package static func completeCount(of bytes: [UInt8]) -> Int {
    for back in 1...3 where back <= bytes.count {
      let byte = bytes[bytes.count - back]
      if byte & 0xC0 == 0x80 { continue }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return length > back ? bytes.count - back : bytes.count
    }
    return bytes.count
  }

  private static func visible(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\t": shown.append(scalar)
      case "\u{0}"..."\u{1F}":
        shown.append("^")
        shown.append(Unicode.Scalar(UInt8(scalar.value) + 0x40))
      case "\u{7F}": shown.append(contentsOf: "^?".unicodeScalars)
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
          let code = String(scalar.value, radix: 16, uppercase: true)
          shown.append(contentsOf: "\\u{\(code)}".unicodeScalars)
        default: shown.append(scalar)
        }
      }
    }
    return String(shown)
  }
}
