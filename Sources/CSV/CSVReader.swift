// Reads CSV by RFC 4180 over bytes: the one reader of files that users bring.

/// Reads the records of CSV text.
///
/// A field may be quoted, and then hold delimiters, line breaks of any kind and doubled quotes. Lines
/// end in LF, CR LF or CR, all of a file alike; empty lines and rows without any value are records
/// that are blank. A quote within a field that is not quoted is an ordinary character.
public struct CSVReader {
  private enum LineEnd: String {
    case lf = "LF"
    case crlf = "CR LF"
    case cr = "CR"
  }

  /// As many bytes as a record may have.
  public static let longestRecord = 16 << 20

  private let bytes: UnsafeBufferPointer<UInt8>
  private let delimiter: UInt8
  private var index: Int
  private var line = 1
  private var lineEnd: LineEnd?
  private var record: CSVRecord

  /// A reader of bytes, which must stay where they are; throws where they are no UTF-8 text.
  public init(
    _ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8 = UInt8(ascii: ",")
  ) throws(CSVError) {
    self.bytes = bytes
    self.delimiter = delimiter
    index = try CSVEncoding.check(start: bytes)
    record = CSVRecord(bytes: bytes)
  }

  /// The next record; nil at the end.
  public mutating func next() throws(CSVError) -> CSVRecord? {
    guard index < bytes.count else { return nil }
    let start = index
    record.line = line
    record.number += 1
    record.fields.removeAll(keepingCapacity: true)
    var high: UInt8 = 0
    while try field(&high) {}
    if high >= 0x80 {
      try CSVEncoding.check(record: bytes, from: start, to: index, line: record.line)
    }
    guard index - start <= Self.longestRecord else {
      throw CSVError(line: record.line, "the record is longer than 16 MiB; is a quote missing?")
    }
    return record
  }

  /// Reads one field; false where the record ends with it.
  private mutating func field(_ high: inout UInt8) throws(CSVError) -> Bool {
    if index < bytes.count, bytes[index] == 0x22 { return try quoted(&high) }
    let start = index
    while index < bytes.count {
      let byte = bytes[index]
      if byte == delimiter || byte == 0x0A || byte == 0x0D { break }
      high |= byte
      index += 1
    }
    record.fields.append(.init(start: start, end: index, isQuoted: false, hasDoubledQuotes: false))
    return try separator()
  }

  private mutating func quoted(_ high: inout UInt8) throws(CSVError) -> Bool {
    let opening = line
    index += 1
    let start = index
    var hasDoubledQuotes = false
    while true {
      guard index < bytes.count else { throw unclosed(from: start, opening) }
      let byte = bytes[index]
      index += 1
      if byte == 0x22 {
        guard index < bytes.count, bytes[index] == 0x22 else { break }
        hasDoubledQuotes = true
        index += 1
      } else if byte == 0x0A || (byte == 0x0D && (index == bytes.count || bytes[index] != 0x0A)) {
        line += 1
      }
      high |= byte
    }
    record.fields.append(
      .init(
        start: start, end: index - 1, isQuoted: true, hasDoubledQuotes: hasDoubledQuotes))
    guard index == bytes.count || bytes[index] == delimiter || isLineEnd(bytes[index]) else {
      throw CSVError(
        line: line,
        "there is text after a closing quote"
          + (bytes[index - 2] == 0x5C ? Self.backslash : "; double a quote within a quoted field"))
    }
    return try separator()
  }

  private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// Passes over a delimiter (true) or a line end (false).
  private mutating func separator() throws(CSVError) -> Bool {
    guard index < bytes.count else { return false }
    let byte = bytes[index]
    index += 1
    if byte == delimiter { return true }
    var found = LineEnd.lf
    if byte == 0x0D {
      found = .cr
      if index < bytes.count, bytes[index] == 0x0A {
        found = .crlf
        index += 1
      }
    }
    if let lineEnd, lineEnd != found {
      throw CSVError(
        line: line,
        "the line ends in \(found.rawValue), the lines before it in \(lineEnd.rawValue); give all lines "
          + "the same end, and quote a field with a line break in it")
    }
    lineEnd = found
    line += 1
    return false
  }

  /// A quote without an end; the first backslash before a quote may tell why.
  private func unclosed(from start: Int, _ opening: Int) -> CSVError {
    let field = bytes[start...]
    let hasBackslash = field.indices.contains {
      $0 > start && field[$0] == 0x22 && field[$0 - 1] == 0x5C
    }
    return CSVError(
      line: opening, "a quote opens here and is not closed" + (hasBackslash ? Self.backslash : ""))
  }

  private static let backslash =
    "; a backslash does not escape a quote in CSV: double the quote (in Spark: option(\"escape\", "
    + "\"\\\"\"))"
}
