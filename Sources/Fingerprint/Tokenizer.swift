// Splits Swift source into tokens and gaps, as the compiler's lexer does or not at all. It knows
// no grammar: wherever only the parser can tell, it says that it is unsure.

/// A cursor over the bytes of one source.
///
/// Reading past the end gives 0, which no source may hold.
struct Tokenizer {
  let bytes: [UInt8]
  var position = 0

  /// The tokens of a source that came through `foldedLines`.
  static func tokens(of bytes: [UInt8]) throws(Unsure) -> [Token] {
    var tokenizer = Tokenizer(bytes: bytes)
    if tokenizer.starts(with: "#!") { throw tokenizer.unsure(.shebang) }
    var tokens: [Token] = []
    while true {
      let gap = try tokenizer.skipGap()
      if tokenizer.position == bytes.count { return tokens }
      let start = tokenizer.position
      let rewritten = try tokenizer.skipToken()
      tokens.append(
        Token(
          gap: tokens.isEmpty ? .nothing : gap, range: start..<tokenizer.position,
          rewritten: rewritten))
    }
  }

  func peek(_ offset: Int = 0) -> UInt8 {
    position + offset < bytes.count ? bytes[position + offset] : 0
  }

  func starts(with text: StaticString) -> Bool {
    for offset in 0..<text.utf8CodeUnitCount where peek(offset) != text.utf8Start[offset] {
      return false
    }
    return true
  }

  func unsure(_ reason: Unsure.Reason) -> Unsure {
    Unsure(reason: reason, line: 1 + bytes[..<position].count { $0 == ASCII.newline })
  }

  /// Passes white space and comments.
  ///
  /// A comment is white space to Swift, too (SE-0037).
  private mutating func skipGap() throws(Unsure) -> Gap {
    let start = position
    var sawNewline = false
    while true {
      switch peek() {
      case ASCII.newline:
        sawNewline = true
        position += 1
      case ASCII.space, ASCII.tab: position += 1
      case ASCII.slash where peek(1) == ASCII.slash:
        while position < bytes.count, peek() != ASCII.newline { position += 1 }
      case ASCII.slash where peek(1) == ASCII.star:
        if try skipBlockComment() { sawNewline = true }
      default:
        return sawNewline ? .newline : position > start ? .space : .nothing
      }
    }
  }

  /// Passes a block comment, and says whether it spans lines.
  private mutating func skipBlockComment() throws(Unsure) -> Bool {
    let start = position
    var depth = 0
    repeat {
      if position == bytes.count {
        position = start
        throw unsure(.unterminatedComment)
      }
      if starts(with: "/*") {
        depth += 1
        position += 2
      } else if starts(with: "*/") {
        depth -= 1
        position += 2
      } else {
        position += 1
      }
    } while depth > 0
    return bytes[start..<position].contains(ASCII.newline)
  }

  /// Passes one token; gives what to write in its place if that is not its bytes.
  mutating func skipToken() throws(Unsure) -> [UInt8]? {
    switch peek() {
    case ASCII.quote: return try skipString(hashes: 0)
    case ASCII.hash: return try skipHash()
    case ASCII.backtick: try skipBacktick()
    case ASCII.singleQuote: throw unsure(.singleQuote)
    case ASCII.slash where mayStartRegex: throw unsure(.regex)
    case ASCII.star where peek(1) == ASCII.slash: throw unsure(.strayCommentEnd)
    case 0x80...: throw unsure(.notASCII)
    case let byte where ASCII.isWord(byte): skipWord()
    default: position += 1
    }
    return nil
  }

  private mutating func skipWord() {
    while ASCII.isWord(peek()) { position += 1 }
  }

  /// Whether the slash here could begin `/.../`: such a literal begins neither with a space nor a
  /// tab, and ends on its line.
  private var mayStartRegex: Bool {
    if [ASCII.space, ASCII.tab, ASCII.newline, 0].contains(peek(1)) { return false }
    return bytes[(position + 1)...].prefix { $0 != ASCII.newline }.contains(ASCII.slash)
  }

  private mutating func skipHash() throws(Unsure) -> [UInt8]? {
    var hashes = 0
    while peek(hashes) == ASCII.hash { hashes += 1 }
    if peek(hashes) == ASCII.quote {
      position += hashes
      return try skipString(hashes: hashes)
    }
    if hashes == 1, peek(1) == ASCII.slash { throw unsure(.regex) }
    let word = bytes[(position + 1)...].prefix { ASCII.isWord($0) }
    guard hashes == 1, Self.placeless.contains(String(decoding: word, as: UTF8.self)) else {
      throw unsure(.directive)
    }
    position = word.endIndex
    return nil
  }

  /// The `#` words whose value does not depend on where they stand; any other may be a macro.
  private static let placeless: Set<String> = [
    "if", "elseif", "else", "endif", "available", "unavailable", "warning", "error", "function",
    "selector", "keyPath", "isolation",
  ]

  private mutating func skipBacktick() throws(Unsure) {
    let word = bytes[(position + 1)...].prefix { ASCII.isWord($0) }
    guard let last = word.indices.last, bytes[last...].dropFirst().first == ASCII.backtick else {
      throw unsure(.backtick)
    }
    position = last + 2
  }
}
