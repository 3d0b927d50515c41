// A plain binary form for what only this program reads: numbers of 8 bytes, and counted bytes.

/// Appends fields.
package struct RowWriter {
  package var bytes: [UInt8] = []

  package init() {}

  package mutating func add(_ value: Int64) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  package mutating func add(_ part: [UInt8]) {
    add(Int64(part.count))
    bytes += part
  }

  package mutating func add(_ text: String) { add(Array(text.utf8)) }
}

/// Reads fields in the order in which they were written; nil for whatever is not whole.
package struct RowReader {
  private let source: [UInt8]
  private var position = 0

  package init(_ source: [UInt8]) { self.source = source }

  package var isAtEnd: Bool { position == source.count }

  package mutating func integer() -> Int64? {
    guard position + 8 <= source.count else { return nil }
    defer { position += 8 }
    return source.withUnsafeBytes {
      Int64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Int64.self))
    }
  }

  private mutating func range() -> Range<Int>? {
    guard let count = integer(), count >= 0, count <= source.count - position else { return nil }
    defer { position += Int(count) }
    return position..<position + Int(count)
  }

  package mutating func bytes() -> [UInt8]? { range().map { Array(source[$0]) } }

  package mutating func text() -> String? {
    range().map { String(decoding: source[$0], as: UTF8.self) }
  }

  package mutating func members<Value>(
    _ value: (inout RowReader) -> Value?
  ) -> [String: Value]? {
    guard let count = integer(), count >= 0 else { return nil }
    var members: [String: Value] = [:]
    for _ in 0..<count {
      guard let name = text(), let value = value(&self) else { return nil }
      members[name] = value
    }
    return members
  }
}
