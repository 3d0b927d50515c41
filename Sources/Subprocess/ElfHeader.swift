// Which loader an ELF file names. It opens nothing.

/// The little of an ELF file's head that says which loader it names.
public struct ElfHeader {
  /// The absolute path of the loader; nil for a library and for a program that needs none.
  public let interpreter: String?

  /// nil for what is no 64-bit little-endian ELF file.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count >= 64, bytes[4] == 2, bytes[5] == 1 else { return nil }
    func number(_ offset: UInt64, _ size: Int) -> UInt64? {
      guard offset <= UInt64(bytes.count), UInt64(size) <= UInt64(bytes.count) - offset else {
        return nil
      }
      return bytes[Int(offset)..<Int(offset) + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    guard let table = number(32, 8), let size = number(54, 2), let count = number(56, 2),
      size >= 56, table <= UInt64(bytes.count)
    else { return nil }
    for row in 0..<count {
      let start = table + row * size
      guard let type = number(start, 4) else { break }
      guard type == 3, let offset = number(start + 8, 8), let length = number(start + 32, 8),
        offset <= UInt64(bytes.count), length <= UInt64(bytes.count) - offset
      else { continue }
      let name = bytes[Int(offset)..<Int(offset + length)].prefix { $0 != 0 }
      interpreter = String(validating: name, as: UTF8.self)
      return
    }
    interpreter = nil
  }
}
