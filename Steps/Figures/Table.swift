// A CSV file in memory, with numbers told from texts. It knows no figure.
import AtelierStep
import Content

/// The rows of a table by column.
struct Table {
  let columns: [String]
  /// Values in the order of the columns: numbers, texts, and null for an empty field.
  let rows: [[JSONValue]]

  /// Reads CSV as RFC 4180 says, with a header row; line ends are `\n` or `\r\n`.
  ///
  /// A column is one of numbers if all its fields that are not empty are decimal numbers that a
  /// double holds; else one of texts, such as identifiers of many digits.
  init(csv bytes: [UInt8]) throws {
    var reader = CSVReader(bytes)
    guard let header = try reader.record() else {
      throw StepFailure("a CSV file is empty; expected a header row")
    }
    guard Set(header.map(\.text)).count == header.count else {
      throw StepFailure("a CSV file names a column twice: \(header.map(\.text))")
    }
    var records: [[CSVReader.Field]] = []
    while let record = try reader.record() {
      guard record.count == header.count else {
        throw StepFailure(
          "row \(records.count + 1) of a CSV file has \(record.count) fields, expected "
            + "\(header.count): \(header.map(\.text).joined(separator: ", "))")
      }
      records.append(record)
    }
    let isNumber = header.indices.map { column in
      records.allSatisfy { $0[column].text.isEmpty || Self.number($0[column].text) != nil }
    }
    columns = header.map(\.text)
    rows = records.map { record in
      record.enumerated().map { column, field in
        if field.text.isEmpty, !field.isQuoted { return .null }
        return (isNumber[column] ? Self.number(field.text) : nil) ?? .string(field.text)
      }
    }
  }

  /// A field as a number where it is one, else as a text.
  static func value(_ field: String) -> JSONValue { number(field) ?? .string(field) }

  /// A decimal number; a whole one of more than 15 digits is an identifier, which a double would
  /// not give back.
  private static func number(_ text: String) -> JSONValue? {
    let digits = text.utf8.filter { (0x30...0x39).contains($0) }.count
    let isWhole = !text.utf8.contains { ".eE".utf8.contains($0) }
    guard digits > 0, !isWhole || digits <= 15,
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
      let value = Double(text), value.isFinite
    else { return nil }
    return Int64(text).map(JSONValue.integer) ?? .number(value)
  }

  /// The rows as JSON objects, empty fields left out.
  var json: JSONValue {
    .array(rows.map { .object(Dictionary(zip(columns, $0)) { first, _ in first }) })
  }
}

/// Takes a CSV file apart, record by record.
struct CSVReader {
  struct Field {
    var text: String
    var isQuoted: Bool
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The next record; nil at the end.
  mutating func record() throws -> [Field]? {
    guard position < bytes.count else { return nil }
    var fields: [Field] = []
    while true {
      fields.append(try field())
      guard position < bytes.count else { return fields }
      let end = bytes[position]
      position += 1
      switch end {
      case UInt8(ascii: ","): continue
      case UInt8(ascii: "\r"):
        if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
        return fields
      default: return fields
      }
    }
  }

  /// One field; what ends it stays unread.
  private mutating func field() throws -> Field {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      let start = position
      while position < bytes.count, !Self.ends(bytes[position]) { position += 1 }
      return Field(text: String(decoding: bytes[start..<position], as: UTF8.self), isQuoted: false)
    }
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      guard byte == UInt8(ascii: "\"") else {
        text.append(byte)
        continue
      }
      if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
        text.append(byte)
        position += 1
        continue
      }
      guard position == bytes.count || Self.ends(bytes[position]) else { break }
      return Field(text: String(decoding: text, as: UTF8.self), isQuoted: true)
    }
    throw StepFailure("a quoted field of a CSV file does not end as RFC 4180 says")
  }

  private static func ends(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}
