// Looks at bytes that should be UTF-8: what they are if they are not. It knows no delimiter.

/// The checks of a text's encoding.
enum CSVEncoding {
  /// The byte order mark of UTF-8.
  static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Throws where the beginning shows that the file is no UTF-8; gives how many bytes to pass over.
  static func check(start bytes: UnsafeBufferPointer<UInt8>) throws(CSVError) -> Int {
    let head = Array(bytes.prefix(64))
    if head.starts(with: mark) { return mark.count }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) || isWide(head) {
      throw CSVError("the file is UTF-16; save it as UTF-8")
    }
    let magic: [(bytes: [UInt8], name: String)] = [
      ([0x1F, 0x8B], "compressed by gzip; give it the ending .csv.gz"),
      (Array("PK\u{3}\u{4}".utf8), "a ZIP archive or a workbook; give a workbook the ending .xlsx"),
      (Array("PAR1".utf8), "Parquet; give it the ending .parquet"),
    ]
    if let other = magic.first(where: { head.starts(with: $0.bytes) }) {
      throw CSVError("the file is \(other.name)")
    }
    return 0
  }

  /// Whether every second byte is NUL: UTF-16 of Latin letters without a byte order mark.
  private static func isWide(_ head: [UInt8]) -> Bool {
    guard head.count >= 8 else { return false }
    let pairs = head.count / 2
    let high = (0..<pairs).count { head[2 * $0] == 0 }
    let low = (0..<pairs).count { head[2 * $0 + 1] == 0 }
    return (high > pairs * 3 / 4 && low == 0) || (low > pairs * 3 / 4 && high == 0)
  }

  /// Throws unless the bytes of a record, which have one above 0x7F, are UTF-8.
  static func check(
    record bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, line: Int
  ) throws(CSVError) {
    let record = UnsafeBufferPointer(rebasing: bytes[start..<end])
    guard String(validating: record, as: UTF8.self) == nil else { return }
    var line = line
    var index = record.startIndex
    while index < record.endIndex {
      let byte = record[index]
      if byte == 0x0A { line += 1 }
      let length = length(of: byte)
      let next = min(index + max(length, 1), record.endIndex)
      let character = UnsafeBufferPointer(rebasing: record[index..<next])
      if length == 0 || String(validating: character, as: UTF8.self) == nil { break }
      index = next
    }
    let byte =
      index < record.endIndex ? "0x" + String(record[index], radix: 16, uppercase: true) : ""
    throw CSVError(
      line: line,
      "the byte \(byte) is not UTF-8; the file may be Latin-1 or Windows-1252: save it as UTF-8")
  }

  /// How many bytes a character has that begins with this one; 0 where none does.
  private static func length(of byte: UInt8) -> Int {
    switch byte {
    case 0..<0x80: 1
    case 0xC2..<0xE0: 2
    case 0xE0..<0xF0: 3
    case 0xF0..<0xF5: 4
    default: 0
    }
  }
}
