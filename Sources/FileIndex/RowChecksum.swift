// A checksum against accidental damage of index rows. It is no defence against forgery, and knows
// no row.
import FileTools

/// Mixes words and bytes into 64 bits, in about a nanosecond a word.
struct RowChecksum {
  private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0xFF51_AFD7_ED55_8CCD
    value ^= value >> 29
  }

  mutating func add(_ word: Int64) { add(UInt64(bitPattern: word)) }

  /// Adds bytes and their count.
  mutating func add(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { raw in
      var offset = 0
      while offset + 8 <= raw.count {
        add(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian)
        offset += 8
      }
      var last: UInt64 = 0
      while offset < raw.count {
        last = last << 8 | UInt64(raw[offset])
        offset += 1
      }
      add(last)
      add(UInt64(raw.count))
    }
  }

  mutating func add(_ identity: FileIdentity) {
    add(identity.device)
    add(identity.inode)
    add(identity.size)
    add(identity.mtime)
    add(identity.ctime)
  }

  /// As SQLite stores it.
  var column: Int64 { Int64(bitPattern: value) }
}
