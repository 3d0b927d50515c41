// The names in the first record of a CSV file (RFC 4180). It reads no further record.
import AtelierStep
import Content

/// The header of a CSV file.
struct CSVHeader {
  let names: [String]

  /// Reads the first record; throws where a name stands twice or a quote is not closed.
  init(of file: some Sequence<UInt8>, delimiter: UInt8 = UInt8(ascii: ",")) throws {
    names = try CSVHeader.record(file, delimiter: delimiter)
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw StepFailure("the CSV file has two columns '\(name)'; give each column its own name")
    }
  }

  /// The names and their SQL types as a JSON object, in the order of the file.
  func columns() throws -> String {
    let members = try names.map { try JSONValue.string($0).canonicalText() + ":\"VARCHAR\"" }
    return "{" + members.joined(separator: ",") + "}"
  }

  /// The fields of the first record.
  static func record(
    _ file: some Sequence<UInt8>, delimiter: UInt8 = UInt8(ascii: ",")
  ) throws -> [String] {
    var fields: [[UInt8]] = [[]]
    var quoted = false
    var afterQuote = false
    loop: for byte in file {
      switch byte {
      case UInt8(ascii: "\""):
        if quoted {
          quoted = false
          afterQuote = true
          continue loop
        }
        // A doubled quote is one quote; another one opens the field.
        if afterQuote { fields[fields.count - 1].append(byte) }
        quoted = true
      case delimiter where !quoted: fields.append([])
      case UInt8(ascii: "\n") where !quoted, UInt8(ascii: "\r") where !quoted: break loop
      default: fields[fields.count - 1].append(byte)
      }
      afterQuote = false
    }
    if quoted {
      throw StepFailure("the CSV file's header has a quote that is not closed")
    }
    if fields[0].starts(with: [0xEF, 0xBB, 0xBF]) { fields[0].removeFirst(3) }  // byte order mark
    return fields.enumerated().map { index, bytes in
      // Data frames are often written with a nameless column of row numbers.
      bytes.isEmpty ? "column \(index + 1)" : String(decoding: bytes, as: UTF8.self)
    }
  }
}
