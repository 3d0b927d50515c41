// Reads statements of Python that assign literals, line by line. It executes nothing.

/// A walk over the text of a Python file.
struct PythonScanner {
  private let characters: [Unicode.Scalar]
  private var position = 0
  private(set) var line = 1
  /// Brackets that are open: in them the end of a line does not count.
  private var depth = 0

  private static let deepest = 16

  init(_ text: String) {
    var scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    characters = scalars
  }

  var isAtEnd: Bool { position >= characters.count }

  private var current: Unicode.Scalar? { isAtEnd ? nil : characters[position] }

  private func peek(_ offset: Int) -> Unicode.Scalar? {
    let index = position + offset
    return index < characters.count ? characters[index] : nil
  }

  private mutating func advance() {
    if current == "\n" || (current == "\r" && peek(1) != "\n") { line += 1 }
    position += 1
  }

  /// Skips blank lines, comments and the ends of statements.
  mutating func skipBlank() {
    while let character = current {
      if character == "#" {
        skipLine()
      } else if " \t\r\n\u{0C};".unicodeScalars.contains(character) {
        advance()
      } else {
        return
      }
    }
  }

  /// Skips what is left of a statement that is not understood: to the next line that begins at its start.
  mutating func skipStatement() {
    depth = 0
    repeat {
      skipLine()
      while current == "\n" || current == "\r" { advance() }
    } while !isAtEnd && (current == " " || current == "\t" || current == ")" || current == "]")
  }

  private mutating func skipLine() {
    while let character = current, character != "\n", character != "\r" { advance() }
  }

  /// Reads one statement: an assignment, or a text that stands alone as documentation; nil for the latter.
  mutating func statement() throws(PythonProblem) -> (String, PythonLiteral)? {
    let begun = line
    // Blanks behind the `;` of another statement are no indentation.
    let blanks = characters[..<position].reversed().prefix { $0 == " " || $0 == "\t" }.count
    let before = position - blanks - 1
    let isFirst = before < 0 || characters[before] == "\n" || characters[before] == "\r"
    let isIndented = blanks > 0 && isFirst
    guard !isIndented else { throw fault("expected no indentation", begun) }
    if current == "\"" || current == "'" {
      _ = try sum()
      try end()
      return nil
    }
    let name = word()
    guard !name.isEmpty else { throw fault("expected NAME = value", begun) }
    skipSpace()
    if current == ":" {
      // An annotation, such as `NAME: str = "x"`.
      advance()
      skipSpace()
      guard !word().isEmpty else { throw fault("expected a type behind ':'", begun) }
      skipSpace()
    }
    guard current == "=", peek(1) != "=" else {
      throw fault("'\(name.prefix(40))' is no assignment of a literal", begun)
    }
    advance()
    skipSpace()
    let value = try sum()
    try end()
    return (name, value)
  }

  private mutating func end() throws(PythonProblem) {
    skipSpace()
    guard let character = current else { return }
    if character == "#" { return skipLine() }
    guard "\r\n;".unicodeScalars.contains(character) else {
      throw fault("expected the end of the line behind a literal, found '\(rest)'", line)
    }
  }

  /// The characters that follow, for an error.
  private var rest: String {
    var text = String.UnicodeScalarView()
    for character in characters[position...].prefix(30) {
      guard character.value >= 32, character != "\u{7F}" else { break }
      text.append(character)
    }
    return String(text)
  }

  private func fault(_ problem: String, _ line: Int) -> PythonProblem {
    PythonProblem(line: line, problem: problem)
  }

  private mutating func word() -> String {
    var text = String.UnicodeScalarView()
    while let character = current,
      character == "_" || (character.properties.isAlphabetic)
        || (!text.isEmpty && "0123456789".unicodeScalars.contains(character))
    {
      text.append(character)
      advance()
    }
    return String(text)
  }

  /// Skips blanks; in brackets also ends of lines and comments.
  private mutating func skipSpace() {
    while let character = current {
      if character == " " || character == "\t" {
        advance()
      } else if character == "\\", peek(1) == "\n" || (peek(1) == "\r" && peek(2) == "\n") {
        while current != "\n" { advance() }
        advance()
      } else if depth > 0, character == "\n" || character == "\r" {
        advance()
      } else if depth > 0, character == "#" {
        skipLine()
      } else {
        return
      }
    }
  }

  // ---- values ----

  /// A value, or texts that are joined by `+` or stand side by side.
  private mutating func sum() throws(PythonProblem) -> PythonLiteral {
    var value = try atom()
    while true {
      skipSpace()
      let isJoined = current == "+"
      let isBeside: Bool = if case .text = value { isTextNext } else { false }
      guard isJoined || isBeside else { return value }
      let place = line
      if isJoined { advance() }
      skipSpace()
      let next = try atom()
      guard case .text(let first) = value, case .text(let second) = next else {
        throw fault("only texts are joined by '+'", place)
      }
      value = .text(first + second)
    }
  }

  private var isTextNext: Bool {
    if current == "\"" || current == "'" { return true }
    guard let character = current, "rRuUbBfF".unicodeScalars.contains(character) else {
      return false
    }
    return peek(1) == "\"" || peek(1) == "'"
  }

  private mutating func atom() throws(PythonProblem) -> PythonLiteral {
    let place = line
    guard let character = current else { throw fault("expected a literal", place) }
    if isTextNext { return .text(try text()) }
    if character == "(" || character == "[" { return try list() }
    if "0123456789-.".unicodeScalars.contains(character) { return try number() }
    let name = word()
    switch name {
    case "True": return .flag(true)
    case "False": return .flag(false)
    case "None": return .none
    case "": throw fault("expected a literal, found '\(rest)'", place)
    default:
      let isCall = current == "(" || current == "."
      throw fault(
        isCall
          ? "expected a literal, found a call of '\(name.prefix(40))'"
          : "expected a literal, found the name '\(name.prefix(40))'", place)
    }
  }

  private mutating func number() throws(PythonProblem) -> PythonLiteral {
    let place = line
    var digits = ""
    if current == "-" {
      digits = "-"
      advance()
    }
    while let character = current, "0123456789._eE".unicodeScalars.contains(character) {
      digits.unicodeScalars.append(character)
      advance()
    }
    guard digits.utf8.contains(where: { (48...57).contains($0) }) else {
      throw fault("expected a literal, found '\(digits.prefix(40))'", place)
    }
    return .number(digits)
  }

  /// A list or tuple; one value in parentheses is itself.
  private mutating func list() throws(PythonProblem) -> PythonLiteral {
    let place = line
    let isTuple = current == "("
    let close: Unicode.Scalar = isTuple ? ")" : "]"
    guard depth < Self.deepest else { throw fault("brackets are nested too deeply", place) }
    depth += 1
    defer { depth -= 1 }
    advance()
    var elements: [PythonLiteral] = []
    var hasComma = false
    while true {
      skipSpace()
      if current == close { break }
      guard !isAtEnd else { throw fault("a bracket is not closed", place) }
      elements.append(try sum())
      skipSpace()
      if current == "," {
        hasComma = true
        advance()
      } else if current != close {
        throw fault("expected ',' or '\(close)', found '\(rest)'", line)
      }
    }
    advance()
    if isTuple, !hasComma, let only = elements.first { return only }
    return .list(elements)
  }

  // ---- texts ----

  private mutating func text() throws(PythonProblem) -> String {
    let place = line
    var isRaw = false
    if let prefix = current, prefix != "\"", prefix != "'" {
      switch prefix {
      case "r", "R": isRaw = true
      case "u", "U": break
      case "f", "F": throw fault("expected a plain text, found an f-string", place)
      default: throw fault("expected a plain text, found bytes", place)
      }
      advance()
    }
    guard let quote = current else { throw fault("expected a text", place) }
    let isLong = peek(1) == quote && peek(2) == quote
    for _ in 0..<(isLong ? 3 : 1) { advance() }
    var text = String.UnicodeScalarView()
    while let character = current {
      if character == quote, !isLong || (peek(1) == quote && peek(2) == quote) {
        for _ in 0..<(isLong ? 3 : 1) { advance() }
        return String(text)
      }
      if !isLong, character == "\n" || character == "\r" { break }
      if character == "\\" {
        advance()
        if isRaw { text.append("\\") }
        guard let escaped = current else { break }
        let line = line
        advance()
        if isRaw {
          text.append(escaped)
        } else {
          try append(escaped, to: &text, line)
        }
        continue
      }
      text.append(character)
      advance()
    }
    throw fault("a text is not closed", place)
  }

  private mutating func append(
    _ escaped: Unicode.Scalar, to text: inout String.UnicodeScalarView, _ line: Int
  ) throws(PythonProblem) {
    switch escaped {
    case "n": text.append("\n")
    case "t": text.append("\t")
    case "r": text.append("\r")
    case "\\", "'", "\"": text.append(escaped)
    // The end of a line that does not count.
    case "\n": break
    case "\r": if current == "\n" { advance() }
    default: throw fault("unknown escape '\\\(escaped)' in a text", line)
    }
  }
}
