// How many rows a published file has, for people who read what was delivered. It changes no byte.
import CSV

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Counts rows by the form of a file.
struct RowCount {
  /// A longer text is not read through only to be counted.
  static let longest: Int64 = 64 << 20

  /// The rows of a file; nil for a form that has none, a compressed text, or a long one.
  ///
  /// `mediaType`, or for a file of a folder, where it is empty, the end of `name` tells the form.
  static func rows(of path: String, name: String, mediaType: String, size: Int64) -> Int64? {
    let name = name.lowercased()
    if mediaType == "application/vnd.apache.parquet" || name.hasSuffix(".parquet") {
      return ParquetFooter.rows(of: path)
    }
    guard size <= longest, !name.hasSuffix(".gz"),
      let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    else { return nil }
    if mediaType == "text/csv" || name.hasSuffix(".csv") { return csv(data) }
    // A file of a folder that ends in .json may have a row a line; a document has no rows.
    guard mediaType.isEmpty, [".json", ".jsonl", ".ndjson"].contains(where: name.hasSuffix),
      data.first != 0x5B
    else { return nil }
    // A line a row, whether or not the last one ends.
    let lines = data.reduce(into: Int64(0)) { $0 += $1 == 0x0A ? 1 : 0 }
    return lines + (data.isEmpty || data.last == 0x0A ? 0 : 1)
  }

  /// The records below the header.
  private static func csv(_ data: Data) -> Int64? {
    data.withUnsafeBytes { raw in
      let bytes = raw.assumingMemoryBound(to: UInt8.self)
      guard var reader = try? CSVReader(bytes) else { return nil }
      var count: Int64 = 0
      do {
        while let record = try reader.next() { count += record.isBlank ? 0 : 1 }
      } catch {
        return nil
      }
      return max(0, count - 1)
    }
  }
}

/// The end of a Parquet file, where its number of rows stands in Thrift's compact protocol.
///
/// https://parquet.apache.org/docs/file-format/metadata/: FileMetaData has version (1), schema (2) and
/// num_rows (3); what comes before the third field is passed over.
enum ParquetFooter {
  private static let longest = 16 << 20

  /// nil for another file, and for one that cannot be read.
  static func rows(of path: String) -> Int64? {
    guard let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped),
      data.count >= 12, data.suffix(4).elementsEqual(Array("PAR1".utf8))
    else { return nil }
    let length = data.dropLast(4).suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length > 0, length <= longest, length <= data.count - 12 else { return nil }
    var reader = CompactReader(bytes: Array(data.dropLast(8).suffix(length)))
    return reader.field(3)
  }
}

/// Reads a struct of Thrift's compact protocol up to one field that is an integer.
private struct CompactReader {
  let bytes: [UInt8]
  private var index = 0
  /// Structs lie in structs no deeper than this.
  private static let deepest = 32

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The value of an integer field of the outermost struct; nil where it is not there.
  mutating func field(_ wanted: Int) -> Int64? {
    var id = 0
    while let (type, next) = header(after: id), type != 0 {
      id = next
      if id == wanted { return [4, 5, 6].contains(type) ? integer() : nil }
      guard skip(type, depth: 0) else { return nil }
    }
    return nil
  }

  private mutating func byte() -> UInt8? {
    guard index < bytes.count else { return nil }
    defer { index += 1 }
    return bytes[index]
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let next = byte() else { return nil }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return value }
    }
    return nil
  }

  /// A number in zigzag order.
  private mutating func integer() -> Int64? {
    varint().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
  }

  /// The type and number of the next field; type 0 ends a struct.
  private mutating func header(after id: Int) -> (type: UInt8, id: Int)? {
    guard let head = byte() else { return nil }
    if head == 0 { return (0, id) }
    if head >> 4 > 0 { return (head & 0x0F, id + Int(head >> 4)) }
    guard let number = integer(), (0...0x7FFF).contains(number) else { return nil }
    return (head & 0x0F, Int(number))
  }

  /// Passes over a value; false where the bytes end or make no sense.
  private mutating func skip(_ type: UInt8, depth: Int) -> Bool {
    guard depth < Self.deepest else { return false }
    switch type {
    case 1, 2: return true
    case 3: return byte() != nil
    case 4, 5, 6: return varint() != nil
    case 7: return advance(8)
    case 8: return varint().map { $0 <= UInt64(bytes.count) && advance(Int($0)) } ?? false
    case 9, 10: return skipList(depth: depth)
    case 12:
      while let (inner, _) = header(after: 0) {
        if inner == 0 { return true }
        guard skip(inner, depth: depth + 1) else { return false }
      }
      return false
    default: return false
    }
  }

  private mutating func skipList(depth: Int) -> Bool {
    guard let head = byte() else { return false }
    var count = UInt64(head >> 4)
    if count == 15 {
      guard let long = varint() else { return false }
      count = long
    }
    guard count <= UInt64(bytes.count) else { return false }
    // In a list a truth value takes a byte.
    let type = head & 0x0F
    for _ in 0..<count where !(type <= 2 ? byte() != nil : skip(type, depth: depth + 1)) {
      return false
    }
    return true
  }

  private mutating func advance(_ count: Int) -> Bool {
    guard count <= bytes.count - index else { return false }
    index += count
    return true
  }
}
