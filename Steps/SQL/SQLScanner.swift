// The tokens of SQL as DuckDB writes it: words, quotes, comments. It knows no grammar.

/// Reads tokens one by one; blanks and comments are passed over.
struct SQLScanner {
  /// A piece of the text.
  struct Token: Equatable {
    enum Kind { case word, text, other, semicolon }
    let kind: Kind
    /// The bytes.
    let range: Range<Int>
    /// The line of its first byte, from 1 up.
    let line: Int
  }

  /// A quote or comment without end.
  struct Unended: Error {
    let line: Int
    let problem: String
  }

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  /// A byte-order mark at the start is no part of the text.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The text of a range of bytes.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Whether a token is a dot, as of `.5` or `t.column`, and the first of its line.
  func beginsLineWithDot(_ token: Token) -> Bool {
    let start = token.range.lowerBound
    return bytes[start] == UInt8(ascii: ".") && start > 0 && bytes[start - 1] == 0x0A
  }

  /// The next token; nil at the end.
  mutating func next() throws(Unended) -> Token? {
    try skip()
    guard position < bytes.count else { return nil }
    let (start, first) = (position, line)
    let kind: Token.Kind
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: ";"):
      advance(1)
      kind = .semicolon
    case UInt8(ascii: "'"):
      // E'...' has backslash escapes; the E stands directly before.
      let isEscaped =
        start > 0 && (bytes[start - 1] | 0x20) == UInt8(ascii: "e")
        && !(start > 1 && Self.isWord(bytes[start - 2]))
      try quoted(by: byte, escapes: isEscaped, what: "a text")
      kind = .text
    case UInt8(ascii: "\""):
      try quoted(by: byte, escapes: false, what: "a quoted name")
      kind = .text
    case UInt8(ascii: "$"):
      kind = try dollarQuoted() ? .text : .other
    default:
      if Self.isWord(byte) {
        while position < bytes.count, Self.isWord(bytes[position]) { advance(1) }
        kind = .word
      } else {
        advance(1)
        kind = .other
      }
    }
    return Token(kind: kind, range: start..<position, line: first)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == 0x5F || byte >= 0x80
  }

  private mutating func advance(_ count: Int) {
    for _ in 0..<count where position < bytes.count {
      if bytes[position] == 0x0A { line += 1 }
      position += 1
    }
  }

  private func starts(with text: StaticString) -> Bool {
    text.withUTF8Buffer { bytes[position...].starts(with: $0) }
  }

  private mutating func skip() throws(Unended) {
    while position < bytes.count {
      if bytes[position] <= 0x20 {
        advance(1)
      } else if starts(with: "--") {
        while position < bytes.count, bytes[position] != 0x0A { advance(1) }
      } else if starts(with: "/*") {
        try comment()
      } else {
        return
      }
    }
  }

  /// `/* ... */`, which may hold others.
  private mutating func comment() throws(Unended) {
    let first = line
    var depth = 0
    repeat {
      guard position < bytes.count else {
        throw Unended(line: first, problem: "the comment that begins here has no end")
      }
      if starts(with: "/*") {
        depth += 1
        advance(2)
      } else if starts(with: "*/") {
        depth -= 1
        advance(2)
      } else {
        advance(1)
      }
    } while depth > 0
  }

  private mutating func quoted(
    by quote: UInt8, escapes: Bool, what: String
  ) throws(Unended) {
    let first = line
    advance(1)
    while position < bytes.count {
      if escapes, bytes[position] == UInt8(ascii: "\\") {
        advance(2)
      } else if bytes[position] == quote {
        advance(1)
        guard position < bytes.count, bytes[position] == quote else { return }
        advance(1)
      } else {
        advance(1)
      }
    }
    throw Unended(line: first, problem: "\(what) that begins here has no end")
  }

  /// `$$...$$` and `$tag$...$tag$`; false for a lone dollar, as in a parameter.
  private mutating func dollarQuoted() throws(Unended) -> Bool {
    var end = position + 1
    while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "$"),
      end == position + 1 || !(0x30...0x39).contains(bytes[position + 1])
    else {
      advance(1)
      return false
    }
    let first = line
    let tag = Array(bytes[position...end])
    advance(tag.count)
    while position < bytes.count {
      if bytes[position...].starts(with: tag) {
        advance(tag.count)
        return true
      }
      advance(1)
    }
    throw Unended(line: first, problem: "a text that begins here has no end")
  }
}
