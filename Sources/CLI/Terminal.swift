// The terminal behind standard error: whether there is one, its size, and writing to it.
import CSystem

/// A terminal that understands cursor movement.
struct Terminal: Sendable {
  /// Width and height in character cells.
  struct Size: Sendable, Equatable {
    var columns: Int
    var rows: Int
  }

  /// Whether text may be coloured (no `NO_COLOR`).
  let hasColour: Bool

  /// The terminal behind standard error; nil for a pipe, a file, or `TERM` unset or `dumb`.
  init?(environment: [String: String]) {
    let kind = environment["TERM"] ?? ""
    guard cs_is_terminal(2) == 1, !kind.isEmpty, kind != "dumb" else { return nil }
    hasColour = (environment["NO_COLOR"] ?? "").isEmpty
  }

  /// The size now; 80 by 24 where the terminal does not know it.
  var size: Size {
    var columns: Int32 = 0
    var rows: Int32 = 0
    _ = cs_terminal_size(2, &columns, &rows)
    return Size(columns: columns > 0 ? Int(columns) : 80, rows: rows > 0 ? Int(rows) : 24)
  }

  /// Writes at once what belongs together, so that no half frame is seen.
  func write(_ text: String) {
    var text = text
    text.withUTF8 { _ = cs_write_all(2, $0.baseAddress, $0.count) }
  }
}
