// Reads rows of numbers from CSV text, block by block. It knows no column by name.
import AtelierStep

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file of CSV rows without a header: numbers, and perhaps one more field of any text.
///
/// Written by DuckDB for this purpose, so only its own notation is read: an empty field is null, a
/// number is rounded once, to the nearest 32-bit float.
package final class NumberRows {
  /// Some rows: the numbers row by row with NaN for null, and the raw last fields if asked for.
  package struct Batch {
    package var numbers: [Float] = []
    package var texts: [ArraySlice<UInt8>] = []
    package var rows = 0
  }

  private static let blockSize = 1 << 20
  private let path: String
  private let columns: Int
  private let hasText: Bool
  private let file: UnsafeMutablePointer<FILE>
  private var buffer: [UInt8] = []
  private var position = 0

  /// Opens a file with a count of numbers a row, followed by a text field if `hasText`.
  package init(_ path: String, columns: Int, hasText: Bool = false) throws {
    guard let file = fopen(path, "rb") else { throw StepFailure("cannot read \(path)") }
    self.file = file
    self.path = path
    self.columns = columns
    self.hasText = hasText
  }

  deinit { fclose(file) }

  /// The next rows, at most `limit`; none at the end of the file.
  package func next(_ limit: Int) throws -> Batch {
    var batch = Batch()
    while batch.rows < limit, let end = try rowEnd() {
      try buffer.withUnsafeBufferPointer { try parse($0, end: end, into: &batch) }
      if hasText { batch.texts.append(buffer[position..<end]) }
      position = end + 1
      batch.rows += 1
    }
    return batch
  }

  /// The index of the line feed that ends the row at `position`; nil at the end of the file.
  private func rowEnd() throws -> Int? {
    var index = position
    var quoted = false
    while true {
      while index < buffer.count {
        switch buffer[index] {
        case UInt8(ascii: "\""): quoted.toggle()
        case UInt8(ascii: "\n") where !quoted: return index
        default: break
        }
        index += 1
      }
      let consumed = position
      guard try fill() else {
        guard position == buffer.count else { throw StepFailure("\(path) ends within a row") }
        return nil
      }
      index -= consumed
    }
  }

  /// Drops what was read and appends one block; false at the end of the file.
  private func fill() throws -> Bool {
    buffer.removeFirst(position)
    position = 0
    let block = [UInt8](unsafeUninitializedCapacity: Self.blockSize) { target, count in
      count = fread(target.baseAddress, 1, Self.blockSize, file)
    }
    guard ferror(file) == 0 else { throw StepFailure("cannot read \(path)") }
    buffer += block
    return !block.isEmpty
  }

  /// Reads the numbers of one row and leaves `position` at its text or its end.
  private func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, end: Int, into batch: inout Batch
  ) throws {
    var index = position
    for column in 0..<columns {
      let start = index
      var value = 0
      let negative = bytes[index] == UInt8(ascii: "-")
      if negative { index += 1 }
      while bytes[index] &- 0x30 < 10 {
        value = value &* 10 &+ Int(bytes[index] &- 0x30)
        index += 1
      }
      let isLast = column == columns - 1 && !hasText
      func isClosed(_ index: Int) -> Bool {
        isLast ? index == end : index < end && bytes[index] == UInt8(ascii: ",")
      }
      var number = index == start ? Float.nan : Float(negative ? -value : value)
      // Whole numbers are by far the most; others take the slower way.
      if !isClosed(index) || index - start > 18 {
        (number, index) = Self.decimal(bytes, from: start)
      }
      guard isClosed(index), !negative || index - start > 1, !number.isInfinite else {
        throw StepFailure(
          "\(path): column \(column + 1) of a row is not a number that a 32-bit float can hold")
      }
      batch.numbers.append(number)
      if !isLast { index += 1 }
    }
    position = index
  }

  /// The number at a place, and the index behind it; the place itself where none begins there.
  private static func decimal(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (Float, Int) {
    let sign = bytes[start] == UInt8(ascii: "-") ? 1 : 0
    let first = bytes[start + sign]
    // The C library would take words such as "nan", too. A row's line feed ends its number.
    guard first &- 0x30 < 10 || first == UInt8(ascii: "."), let base = bytes.baseAddress else {
      return (.infinity, start)
    }
    return (base + start).withMemoryRebound(to: CChar.self, capacity: bytes.count - start) { text in
      var end: UnsafeMutablePointer<CChar>?
      let number = strtof(text, &end)
      return (number, start + (end.map { UnsafePointer($0) - text } ?? 0))
    }
  }
}
