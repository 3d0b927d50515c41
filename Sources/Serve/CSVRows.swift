// Reads text/csv: rows of features without header and label.

enum CSVRows {
  private static let separator = UInt8(ascii: ",")
  private static let lineEnd = UInt8(ascii: "\n")

  /// The rows of a body.
  ///
  /// Lines end in LF or CR LF; the last one need not. An empty field and `nan` are missing values.
  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ columns: Columns
  ) throws(Refusal) -> Rows {
    var rows = Rows()
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != lineEnd { end += 1 }
      let hasReturn = end > start && bytes[end - 1] == UInt8(ascii: "\r")
      try readLine(bytes, start..<(hasReturn ? end - 1 : end), columns, &rows)
      start = end + 1
    }
    guard rows.count > 0 else {
      throw .body("the body is empty; expected rows of \(columns.count) comma-separated values")
    }
    return rows
  }

  private static func readLine(
    _ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, _ columns: Columns,
    _ rows: inout Rows
  ) throws(Refusal) {
    let row = rows.count + 1
    // With one column an empty line is a missing value.
    if line.isEmpty, columns.count > 1 { throw .body("row \(row) is empty") }
    var start = line.lowerBound
    var column = 0
    while true {
      var end = start
      while end < line.upperBound, bytes[end] != separator { end += 1 }
      guard column < columns.count else {
        let found = 1 + bytes[line].count { $0 == separator }
        throw columns.refusal(row: row, found: found)
      }
      rows.values.append(try value(bytes, start..<end, row, columns, column))
      column += 1
      if end == line.upperBound { break }
      start = end + 1
    }
    guard column == columns.count else { throw columns.refusal(row: row, found: column) }
    rows.count += 1
  }

  private static func value(
    _ bytes: UnsafeBufferPointer<UInt8>, _ field: Range<Int>, _ row: Int, _ columns: Columns,
    _ column: Int
  ) throws(Refusal) -> Float {
    var (start, end) = (field.lowerBound, field.upperBound)
    while start < end, isSpace(bytes[start]) { start += 1 }
    while start < end, isSpace(bytes[end - 1]) { end -= 1 }
    if start == end { return .nan }
    let text = UnsafeBufferPointer(rebasing: bytes[start..<end])
    if let value = NumberText.float(text) { return value }
    if text.count == 3, text.map({ $0 | 0x20 }) == Array("nan".utf8) { return .nan }
    let advice = row == 1 && column == 0 ? "; send rows without a header" : ""
    throw .body(
      "row \(row), \(columns.name(column)): expected a number or nothing, found "
        + Refusal.shown(text) + advice)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
