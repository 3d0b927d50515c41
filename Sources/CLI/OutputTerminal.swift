// The terminal behind standard output, if there is one.
import CSystem

enum OutputTerminal {
  /// Columns and rows of the terminal that standard output goes to; nil for a pipe, a file, or a
  /// terminal that does not know its size.
  static var size: (columns: Int, rows: Int)? {
    var columns: Int32 = 0
    var rows: Int32 = 0
    guard cs_is_terminal(1) == 1, cs_terminal_size(1, &columns, &rows) == 0, columns > 0, rows > 0
    else { return nil }
    return (Int(columns), Int(rows))
  }

  /// The columns alone.
  static var width: Int? { size?.columns }
}
