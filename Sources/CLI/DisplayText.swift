// Text on a terminal: what is safe to print, and how many cells it takes.

/// Measures and cleans text for a terminal.
enum DisplayText {
  /// The cells that a text takes, at most: terminals differ on emoji, so the larger count is given.
  static func cells(_ text: some StringProtocol) -> Int {
    // ASCII needs no table.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + cells($1) }
  }

  private static func cells(_ scalar: Unicode.Scalar) -> Int {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .control, .format:
      // The selector that asks for an emoji's wide form.
      return scalar == "\u{FE0F}" ? 1 : 0
    default: break
    }
    if properties.isEmojiPresentation || wide.contains(where: { $0.contains(scalar.value) }) {
      return 2
    }
    // Second half of a Hangul syllable written in parts.
    if (0x1160...0x11FF).contains(scalar.value) { return 0 }
    return scalar.value >= 0x1F000 ? 2 : 1
  }

  /// East Asian wide and full-width characters (Unicode's EastAsianWidth W and F).
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF,
    0x20000...0x3FFFD,
  ]

  /// The beginning of a text that fits; what was cut ends in `...` where there is room for it.
  static func cut(_ text: String, to width: Int) -> String {
    if cells(text) <= width { return text }
    let dots = width > 6 ? "..." : ""
    var kept = ""
    var room = width - dots.count
    for character in text {
      let taken = cells(String(character))
      if taken > room { break }
      room -= taken
      kept.append(character)
    }
    return kept + dots
  }

  /// A text without escape sequences, control characters and what reverses or hides text.
  ///
  /// A tab becomes four spaces; a carriage return leaves only what was written over it.
  static func clean(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var cleaner = Cleaner()
    for scalar in text.unicodeScalars { cleaner.add(scalar) }
    return String(cleaner.kept)
  }
}

/// Drops escape sequences as a terminal would read them (ECMA-48).
private struct Cleaner {
  private enum State {
    case text
    /// After ESC and any intermediate characters.
    case escape
    /// Within `ESC [`, up to its final character.
    case control
    /// Within a string such as a window's title, up to BEL or ESC \.
    case string
    case stringEscape
  }

  private(set) var kept = String.UnicodeScalarView()
  private var state = State.text
  private var isBackAtStart = false

  mutating func add(_ scalar: Unicode.Scalar) {
    switch state {
    case .text: addText(scalar)
    case .escape:
      switch scalar {
      case "[": state = .control
      case "]", "P", "X", "^", "_": state = .string
      case " "..."/", "\u{1B}": break
      default: state = .text
      }
    case .control:
      if ("@"..."~").contains(scalar) { state = .text }
      if scalar == "\u{1B}" { state = .escape }
    case .string:
      if scalar == "\u{7}" || scalar == "\u{9C}" { state = .text }
      if scalar == "\u{1B}" { state = .stringEscape }
    case .stringEscape: state = scalar == "\\" ? .text : .string
    }
  }

  private mutating func addText(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\u{1B}": state = .escape
    case "\u{9B}": state = .control
    case "\u{90}", "\u{98}", "\u{9D}", "\u{9E}", "\u{9F}": state = .string
    case "\t": for _ in 0..<4 { keep(" ") }
    case "\r": isBackAtStart = true
    default:
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: break
      default: keep(scalar)
      }
    }
  }

  private mutating func keep(_ scalar: Unicode.Scalar) {
    if isBackAtStart { kept.removeAll() }
    isBackAtStart = false
    kept.append(scalar)
  }
}
