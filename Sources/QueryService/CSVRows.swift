// Rows as a CSV file by RFC 4180, which a step of this machine reads with the types that it declares.
import CSystem
import FileTools

/// A file of rows; a null is an empty field, an empty text is `""`.
package struct CSVRows: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var block: [UInt8] = []

  private static let blockSize = 1 << 16

  /// Creates or empties a file and writes the header.
  package init(path: String, columns: [String]) throws(FileError) {
    self.path = path
    descriptor = cs_open_write(path, 0, 0o666)
    guard descriptor >= 0, cs_truncate(descriptor) == 0 else {
      throw Disk.failure("write", path)
    }
    try write(columns)
  }

  deinit { cs_close(descriptor) }

  /// Writes a row.
  package mutating func write(_ row: [String?]) throws(FileError) {
    for (index, value) in row.enumerated() {
      if index > 0 { block.append(UInt8(ascii: ",")) }
      if let value { append(value) }
    }
    block.append(UInt8(ascii: "\n"))
    if block.count >= Self.blockSize { try flush() }
  }

  private mutating func append(_ value: String) {
    let special = value.utf8.contains {
      $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ",") || $0 == 10 || $0 == 13
    }
    guard special || value.isEmpty else {
      block += value.utf8
      return
    }
    block.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      if byte == UInt8(ascii: "\"") { block.append(byte) }
      block.append(byte)
    }
    block.append(UInt8(ascii: "\""))
  }

  private mutating func flush() throws(FileError) {
    guard cs_write_all(descriptor, block, block.count) == 0 else {
      throw Disk.failure("write", path)
    }
    block.removeAll(keepingCapacity: true)
  }

  /// Writes what is left.
  package mutating func finish() throws(FileError) { try flush() }
}

extension QueryClient {
  /// Writes the rows of a SELECT into a CSV file with `columns` in their order; gives their number.
  @discardableResult
  package func select(_ query: String, columns: [String], into path: String) throws -> Int {
    var file = try CSVRows(path: path, columns: columns)
    let rows = try select(query, columns: columns) { try file.write($0) }
    try file.finish()
    return rows
  }
}
