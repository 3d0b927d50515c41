// Text on a terminal: what is safe to print, and how many cells it takes.

/// Measures and cleans text for a terminal.
package enum DisplayText {
  /// The cells that a text takes, at most: terminals differ on emoji, so the larger count is given.
  package static func cells(_ text: some StringProtocol) -> Int { TextWidth.most(text) }

  /// The beginning of a text that fits; what was cut ends in `...` where there is room for it.
  package static func cut(_ text: String, to width: Int) -> String {
    TextWidth.cut(text, to: width, mark: width > 6 ? "..." : "", by: TextWidth.most)
  }

  /// A text without escape sequences, control characters and what reverses or hides text.
  ///
  /// A tab becomes four spaces; a carriage return leaves only what was written over it.
  package static func clean(_ text: String) -> String {
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
