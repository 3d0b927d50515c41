// Reads text/csv: rows of features, without header and label unless the request says that they are there.

/// Rows of comma-separated values.
enum CSVRows {
  private static let separator = UInt8(ascii: ",")
  private static let lineEnd = UInt8(ascii: "\n")

  /// The rows of a body.
  ///
  /// Lines end in LF or CR LF; the last one need not, and blank ones at the end are passed over. An empty
  /// field and `nan` are missing values. A field, or a whole row, may stand in quotes.
  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ columns: Columns, _ form: RowForm = RowForm(.csv)
  ) throws(Refusal) -> Rows {
    var rows = Rows()
    var start = 0
    let count = columns.count > 1 ? contentEnd(bytes) : bytes.count
    var isHeader = form.hasHeader
    while start < count {
      var end = start
      while end < count, bytes[end] != lineEnd { end += 1 }
      let hasReturn = end > start && bytes[end - 1] == UInt8(ascii: "\r")
      if !isHeader {
        let line = unquoted(bytes, start..<(hasReturn ? end - 1 : end))
        try readLine(bytes, line, columns, form, &rows)
      }
      isHeader = false
      start = end + 1
    }
    guard rows.count > 0 else {
      throw .body("the body is empty; expected rows of \(columns.count) comma-separated values")
    }
    return rows
  }

  /// The end of the body without line ends behind the last row.
  private static func contentEnd(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var end = bytes.count
    while end > 0, bytes[end - 1] == lineEnd || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return end
  }

  /// A line without the quotes around a whole row; others stay as they are.
  private static func unquoted(
    _ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>
  ) -> Range<Int> {
    let quote = UInt8(ascii: "\"")
    guard line.count > 2, bytes[line.lowerBound] == quote, bytes[line.upperBound - 1] == quote
    else { return line }
    let inner = line.lowerBound + 1..<line.upperBound - 1
    return bytes[inner].contains(quote) || !bytes[inner].contains(separator) ? line : inner
  }

  /// Where a line goes on behind its labels.
  private static func afterLabels(
    _ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, _ row: Int, _ columns: Columns,
    _ form: RowForm
  ) throws(Refusal) -> Int {
    var start = line.lowerBound
    for _ in 0..<form.labels {
      guard let comma = bytes[start..<line.upperBound].firstIndex(of: separator) else {
        throw .body(
          "row \(row): expected label_size = \(form.labels) and \(columns.count) values, found "
            + "\(1 + bytes[line].count { $0 == separator })")
      }
      start = comma + 1
    }
    return start
  }

  private static func readLine(
    _ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, _ columns: Columns, _ form: RowForm,
    _ rows: inout Rows
  ) throws(Refusal) {
    let row = rows.count + 1
    // With one column an empty line is a missing value.
    if line.isEmpty, columns.count > 1 { throw .body("row \(row) is empty") }
    let first = try afterLabels(bytes, line, row, columns, form)
    var start = first
    var column = 0
    while true {
      var end = start
      while end < line.upperBound, bytes[end] != separator { end += 1 }
      guard column < columns.count else {
        let found = 1 + bytes[first..<line.upperBound].count { $0 == separator }
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
    let whole = start..<end
    let quote = UInt8(ascii: "\"")
    if end - start > 1, bytes[start] == quote, bytes[end - 1] == quote {
      (start, end) = (start + 1, end - 1)
      while start < end, isSpace(bytes[start]) { start += 1 }
      while start < end, isSpace(bytes[end - 1]) { end -= 1 }
    }
    if start == end { return .nan }
    let text = UnsafeBufferPointer(rebasing: bytes[start..<end])
    if let value = NumberText.float(text) { return value }
    if text.count == 3, text.map({ $0 | 0x20 }) == Array("nan".utf8) { return .nan }
    let advice =
      row == 1 && column == 0
      ? "; send rows without a header, or say header=present in the Content-Type" : ""
    throw .body(
      "row \(row), \(columns.name(column)): expected a number or nothing, found "
        + Refusal.shown(bytes[whole]) + advice)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
