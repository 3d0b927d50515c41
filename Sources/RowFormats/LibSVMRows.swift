// Reads text/libsvm: rows as label and index:value pairs.

/// Rows of index:value pairs.
enum LibSVMRows {
  /// The rows of a body: a line each, `[label] index:value ...`.
  ///
  /// Indexes count from 0, as XGBoost reads them; what is not named is missing. The label and `qid` are
  /// passed over, and so is what follows `#`.
  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ columns: Columns
  ) throws(Refusal) -> Rows {
    var rows = Rows()
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      try readLine(UnsafeBufferPointer(rebasing: bytes[start..<end]), columns, &rows)
      start = end + 1
    }
    guard rows.count > 0 else {
      throw .body("the body is empty; expected rows of a label and index:value pairs")
    }
    return rows
  }

  /// A short line may stand for many values.
  private static let mostValues = 1 << 23

  private static func readLine(
    _ line: UnsafeBufferPointer<UInt8>, _ columns: Columns, _ rows: inout Rows
  ) throws(Refusal) {
    let text = line.prefix { $0 != UInt8(ascii: "#") }
    let words = text.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    guard !words.isEmpty else { return }
    let row = rows.count + 1
    guard rows.values.count + columns.count <= mostValues else {
      throw Refusal(413, "the rows stand for more than \(mostValues) values; send fewer at a time")
    }
    let base = rows.values.count
    rows.values += repeatElement(.nan, count: columns.count)
    for (place, word) in words.enumerated() {
      guard let colon = word.firstIndex(of: UInt8(ascii: ":")) else {
        guard place == 0, number(word) != nil else {
          throw .body("row \(row): expected index:value, found \(Refusal.shown(word))")
        }
        continue
      }
      let (name, value) = (word[..<colon], word[(colon + 1)...])
      if name.elementsEqual("qid".utf8) { continue }
      guard let index = Int(String(decoding: name, as: UTF8.self)), index >= 0 else {
        throw .body("row \(row): expected index:value, found \(Refusal.shown(word))")
      }
      guard index < columns.count else {
        throw .body(
          "row \(row): the index \(index) is beyond the model's \(columns.count) columns, which are "
            + "counted from 0")
      }
      guard let found = number(value) else {
        throw .body(
          "row \(row), \(columns.name(index)): expected a number, found \(Refusal.shown(value))")
      }
      guard rows.values[base + index].isNaN else {
        throw .body("row \(row): the index \(index) comes twice")
      }
      rows.values[base + index] = found
    }
    rows.count += 1
  }

  private static func number(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Float? {
    NumberText.float(UnsafeBufferPointer(rebasing: text))
  }
}
