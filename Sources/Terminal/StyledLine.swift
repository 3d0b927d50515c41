// A line of a terminal: pieces of text, each with a style. Color only repeats what words say.

/// How a piece of text looks.
package enum Style: String, Sendable {
  case plain = ""
  case bold = "1"
  case dim = "2"
  case red = "31"
  case green = "32"
  case yellow = "33"
}

/// One line of text in styles; its text holds no control characters.
package struct StyledLine: Sendable, Equatable {
  package struct Piece: Sendable, Equatable {
    package var text: String
    package var style: Style
  }

  package private(set) var pieces: [Piece] = []

  package init(_ text: String = "", _ style: Style = .plain) { add(text, style) }

  /// Adds text, cleaned of whatever would move the cursor.
  package mutating func add(_ text: String, _ style: Style = .plain) {
    if !text.isEmpty { pieces.append(Piece(text: DisplayText.clean(text), style: style)) }
  }

  /// The text without styles.
  package var text: String { pieces.map(\.text).joined() }

  /// The cells that it takes.
  package var cells: Int { pieces.reduce(0) { $0 + DisplayText.cells($1.text) } }

  /// The line cut to a width in cells.
  package func cut(to width: Int) -> StyledLine {
    if cells <= width { return self }
    // The cut text, dots included, takes the styles of what stood there.
    var rest = DisplayText.cut(text, to: width)[...]
    var line = StyledLine()
    for piece in pieces where !rest.isEmpty {
      line.pieces.append(
        Piece(text: String(rest.prefix(piece.text.count)), style: piece.style))
      rest = rest.dropFirst(piece.text.count)
    }
    return line
  }

  /// The line as bytes for a terminal.
  package func rendered(color: Bool) -> String {
    guard color else { return text }
    return pieces.map { piece in
      piece.style == .plain
        ? piece.text : "\u{1B}[\(piece.style.rawValue)m\(piece.text)\u{1B}[0m"
    }.joined()
  }
}
