// One record of a CSV file as places in the file's bytes. It copies nothing until a field is asked for.

/// A record: the line in which it begins, and its fields.
///
/// It points into the bytes that are read, so it must not be kept.
public struct CSVRecord {
  /// A field's bytes, quotes left out.
  public struct Field {
    var start: Int
    var end: Int
    /// Whether it was quoted.
    public var isQuoted: Bool
    /// Whether quotes within it are doubled.
    var hasDoubledQuotes: Bool

    /// Whether it holds nothing.
    public var isEmpty: Bool { start == end }
  }

  let bytes: UnsafeBufferPointer<UInt8>
  /// The line of the file in which the record begins, from 1 up.
  public internal(set) var line = 1
  /// The number of the record, from 1 up; empty lines count, and a break within quotes does not.
  public internal(set) var number = 0
  /// The fields in their order.
  public internal(set) var fields: [Field] = []

  /// Whether no field holds anything: an empty line, or delimiters alone.
  public var isBlank: Bool { fields.allSatisfy(\.isEmpty) }

  /// The text of a field.
  public func text(_ index: Int) -> String { String(decoding: content(index), as: UTF8.self) }

  /// The bytes of a field, a doubled quote as one.
  public func content(_ index: Int) -> [UInt8] {
    let field = fields[index]
    let raw = bytes[field.start..<field.end]
    guard field.hasDoubledQuotes else { return Array(raw) }
    var content: [UInt8] = []
    content.reserveCapacity(raw.count)
    var isSecond = false
    for byte in raw {
      isSecond = byte == 0x22 && !isSecond
      if byte != 0x22 || isSecond { content.append(byte) }
    }
    return content
  }

  /// Appends a field as a canonical file has it: quoted where it has to be.
  public func append(_ index: Int, to output: inout [UInt8]) {
    let field = fields[index]
    let raw = bytes[field.start..<field.end]
    if field.isQuoted {
      output.append(0x22)
      output.append(contentsOf: raw)
      output.append(0x22)
    } else if raw.contains(where: { $0 == 0x22 || $0 == 0x2C }) {
      output.append(0x22)
      for byte in raw {
        if byte == 0x22 { output.append(byte) }
        output.append(byte)
      }
      output.append(0x22)
    } else {
      output.append(contentsOf: raw)
    }
  }
}
