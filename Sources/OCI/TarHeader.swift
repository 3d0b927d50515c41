// The 512 bytes before each entry of a tar archive (POSIX ustar, with pax records for what is too
// long).

/// Heads of entries, with a fixed owner and time.
package enum TarHeader {
  package static let blockSize = 512
  /// 1 January 1980: the earliest time that a zip archive can hold, which a step may make of a
  /// file.
  static let time: UInt64 = 315_532_800

  package enum Kind: UInt8 {
    case file = 0x30
    case link = 0x32
    case folder = 0x35
    case pax = 0x78
  }

  /// The head of an entry, with a pax head before it where a path or size needs one.
  package static func bytes(
    path: String, kind: Kind, mode: UInt32, size: UInt64 = 0, target: String = ""
  ) -> [UInt8] {
    let name = Array((kind == .folder ? path + "/" : path).utf8)
    let link = Array(target.utf8)
    let halves = split(name)
    var records: [UInt8] = []
    if halves == nil || !isPlain(name) { records += record("path", name) }
    if link.count > 100 || !isPlain(link) { records += record("linkpath", link) }
    if size >= largest { records += record("size", Array(String(size).utf8)) }
    var bytes: [UInt8] = []
    if !records.isEmpty {
      bytes += block(
        name: Array("pax".utf8), prefix: [], kind: .pax, mode: 0o644, size: UInt64(records.count),
        link: [])
      bytes += records + padding(after: UInt64(records.count))
    }
    let (prefix, rest) = halves ?? ([], Array(name.suffix(100)))
    return bytes
      + block(
        name: rest, prefix: prefix, kind: kind, mode: mode, size: size >= largest ? 0 : size,
        link: Array(link.prefix(100)))
  }

  /// The zeros that fill up the last block of a body.
  package static func padding(after size: UInt64) -> [UInt8] {
    let rest = Int(size % UInt64(blockSize))
    return [UInt8](repeating: 0, count: rest == 0 ? 0 : blockSize - rest)
  }

  /// 8 GiB: eleven octal digits hold less.
  private static let largest: UInt64 = 1 << 33

  private static func isPlain(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { $0 < 0x80 } }

  /// A name in the two fields of a head; nil where it fits into neither.
  private static func split(_ name: [UInt8]) -> (prefix: [UInt8], rest: [UInt8])? {
    if name.count <= 100 { return ([], name) }
    let slash = UInt8(ascii: "/")
    // The first slash that leaves at most 100 bytes, none of which is the folder's own at the end.
    let first = max(0, name.count - 101)
    guard let place = name[first..<name.count - 1].firstIndex(of: slash), (1...155).contains(place)
    else { return nil }
    return (Array(name[..<place]), Array(name[(place + 1)...]))
  }

  /// `LENGTH key=value\n`, where the length counts itself.
  private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
    let body = Array(" \(key)=".utf8) + value + [10]
    var length = body.count
    while String(length).utf8.count + body.count != length {
      length = String(length).utf8.count + body.count
    }
    return Array(String(length).utf8) + body
  }

  private static func block(
    name: [UInt8], prefix: [UInt8], kind: Kind, mode: UInt32, size: UInt64, link: [UInt8]
  ) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: blockSize)
    func put(_ bytes: [UInt8], _ place: Int) {
      block.replaceSubrange(place..<place + bytes.count, with: bytes)
    }
    func octal(_ value: UInt64, _ digits: Int) -> [UInt8] {
      let text = Array(String(value, radix: 8).utf8)
      return [UInt8](repeating: 0x30, count: digits - text.count) + text
    }
    put(name, 0)
    put(octal(UInt64(mode & 0o7777), 7), 100)
    put(octal(0, 7), 108)
    put(octal(0, 7), 116)
    put(octal(size, 11), 124)
    put(octal(time, 11), 136)
    put([UInt8](repeating: 0x20, count: 8), 148)
    block[156] = kind.rawValue
    put(link, 157)
    put(Array("ustar".utf8), 257)
    put(Array("00".utf8), 263)
    put(prefix, 345)
    let sum = block.reduce(UInt64(0)) { $0 + UInt64($1) }
    put(octal(sum, 6) + [0], 148)
    return block
  }
}
