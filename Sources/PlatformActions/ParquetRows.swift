// How many rows a Parquet file has, by its footer alone. It reads no value.
import AtelierStep
import CSystem
import FileTools

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The number of rows that the footer of a Parquet file states.
///
/// The footer is a `FileMetaData` in Thrift's compact protocol, whose third field is `num_rows`
/// (github.com/apache/parquet-format, parquet.thrift); what stands before it is passed over.
enum ParquetRows {
  /// Why a file is no Parquet file.
  struct Unsound: Error {}

  /// Reads the footer of a file; `name` is what the platform calls it.
  static func count(ofFile path: String, called name: String) throws -> Int64 {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { throw Disk.failure("read", path) }
    defer { cs_close(descriptor) }
    guard let size = try FileStatus(path, followingLinks: false)?.identity.size, size > 12,
      let tail = bytes(of: descriptor, at: size - 8, 8),
      tail[4...].elementsEqual(Array("PAR1".utf8)),
      case let length = tail[..<4].reversed().reduce(Int64(0), { $0 << 8 | Int64($1) }),
      // A footer has some hundred bytes a column and row group.
      length > 0, length <= min(size - 12, 64 << 20),
      let footer = bytes(of: descriptor, at: size - 8 - length, Int(length)),
      let rows = try? count(inFooter: footer)
    else { throw StepFailure("the platform's file '\(name)' is no Parquet file") }
    return rows
  }

  private static func bytes(of descriptor: Int32, at offset: Int64, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes {
        pread(
          descriptor, $0.baseAddress?.advanced(by: done), count - done, off_t(offset) + off_t(done))
      }
      guard got > 0 else { return nil }
      done += got
    }
    return bytes
  }

  /// Reads a footer, without the length and the magic word behind it.
  static func count(inFooter bytes: [UInt8]) throws -> Int64 {
    var reader = CompactReader(bytes: bytes[...])
    var field: Int64 = 0
    while let (id, type) = try reader.field(after: field) {
      if id == 3, type == 6 {
        let rows = try reader.zigzag()
        guard rows >= 0 else { throw Unsound() }
        return rows
      }
      try reader.skip(type, depth: 0)
      field = id
    }
    throw Unsound()
  }

  /// Values of Thrift's compact protocol, each checked against the end of the bytes.
  private struct CompactReader {
    var bytes: ArraySlice<UInt8>

    mutating func byte() throws -> UInt8 {
      guard let byte = bytes.popFirst() else { throw Unsound() }
      return byte
    }

    mutating func varint() throws -> UInt64 {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 64, by: 7) {
        let byte = try byte()
        value |= UInt64(byte & 0x7F) << shift
        if byte & 0x80 == 0 { return value }
      }
      throw Unsound()
    }

    mutating func zigzag() throws -> Int64 {
      let value = try varint()
      return Int64(bitPattern: (value >> 1) ^ (~(value & 1) &+ 1))
    }

    /// The next field of a struct; nil at its end.
    mutating func field(after last: Int64) throws -> (id: Int64, type: UInt8)? {
      let head = try byte()
      if head == 0 { return nil }
      let step = Int64(head >> 4)
      return (step == 0 ? try zigzag() : last &+ step, head & 0x0F)
    }

    mutating func drop(_ count: UInt64) throws {
      guard count <= UInt64(bytes.count) else { throw Unsound() }
      bytes = bytes.dropFirst(Int(count))
    }

    mutating func skip(_ type: UInt8, depth: Int) throws {
      guard depth < 32 else { throw Unsound() }
      switch type {
      case 1, 2: return
      case 3: try drop(1)
      case 4, 5, 6: _ = try varint()
      case 7: try drop(8)
      case 8: try drop(varint())
      case 9, 10: try skipList(depth)
      case 11: try skipMap(depth)
      case 12:
        var last: Int64 = 0
        while let (id, type) = try field(after: last) {
          try skip(type, depth: depth + 1)
          last = id
        }
      default: throw Unsound()
      }
    }

    private mutating func skipList(_ depth: Int) throws {
      let head = try byte()
      let size = head >> 4 == 15 ? try varint() : UInt64(head >> 4)
      try skipAll(size, head & 0x0F, depth)
    }

    private mutating func skipMap(_ depth: Int) throws {
      let size = try varint()
      guard size > 0 else { return }
      let types = try byte()
      guard size <= UInt64(bytes.count) else { throw Unsound() }
      for _ in 0..<size {
        try skipAll(1, types >> 4, depth)
        try skipAll(1, types & 0x0F, depth)
      }
    }

    /// Elements of a list; a truth value there has a byte.
    private mutating func skipAll(_ count: UInt64, _ type: UInt8, _ depth: Int) throws {
      guard count <= UInt64(bytes.count) else { throw Unsound() }
      for _ in 0..<count { try type <= 2 ? drop(1) : skip(type, depth: depth + 1) }
    }
  }
}
