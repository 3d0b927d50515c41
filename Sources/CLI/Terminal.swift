// The terminal behind standard output, if there is one.
import CSystem

enum Terminal {
  /// Columns and rows of the terminal that standard output goes to; nil for a pipe or a file.
  static var outputSize: (columns: Int, rows: Int)? {
    var columns: Int32 = 0
    var rows: Int32 = 0
    guard cs_terminal_size(1, &columns, &rows) == 0 else { return nil }
    return (Int(columns), Int(rows))
  }

  /// The columns alone.
  static var outputWidth: Int? { outputSize?.columns }
}
