// The terminal behind standard error: whether there is one, its size, and writing to it.

/// A terminal that understands cursor movement.
package struct Terminal: Sendable {
  package typealias Size = TerminalSize

  private let sink: any OutputSink
  /// Whether text is coloured.
  package let hasColor: Bool

  /// The terminal behind standard error; nil for a pipe, a file, or `TERM` unset or `dumb`.
  package init?(_ sink: any OutputSink, _ environment: [String: String], _ color: ColorChoice) {
    let kind = environment["TERM"] ?? ""
    guard sink.isTerminal(.messages), !kind.isEmpty, kind != "dumb" else { return nil }
    self.sink = sink
    hasColor =
      switch color {
      case .auto: (environment["NO_COLOR"] ?? "").isEmpty
      case .always: true
      case .never: false
      }
  }

  /// The size now; 80 by 24 where the terminal does not know it.
  package var size: Size { sink.size(of: .messages) ?? Size(columns: 80, rows: 24) }

  /// Writes at once what belongs together, so that no half frame is seen.
  package func write(_ text: String) { try? sink.write(Array(text.utf8), to: .messages) }
}
