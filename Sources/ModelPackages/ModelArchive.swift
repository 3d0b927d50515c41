// A model as the archive that SageMaker unpacks for a container: the same bytes for the same model.
import Content
import OCI

/// `model.tar.gz` with one file.
package enum ModelArchive {
  /// Bytes of one block of DEFLATE that is stored as it is.
  private static let block = 65_535

  /// The archive of a model's bytes, under the name that `atelier serve` looks for.
  package static func bytes(of model: [UInt8], named name: String = "model.ubj") -> [UInt8] {
    var tar = TarHeader.bytes(path: name, kind: .file, mode: 0o644, size: UInt64(model.count))
    tar += model
    tar += TarHeader.padding(after: UInt64(model.count))
    tar += [UInt8](repeating: 0, count: 2 * TarHeader.blockSize)
    return gzip(tar)
  }

  /// Bytes in the form of gzip (RFC 1952), stored and not compressed: models compress little, and no
  /// library's version can change the result.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    out.reserveCapacity(bytes.count + bytes.count / block * 5 + 32)
    var start = 0
    repeat {
      let end = min(bytes.count, start + block)
      let count = UInt16(end - start)
      out.append(end == bytes.count ? 1 : 0)
      out += little(UInt64(count), 2) + little(UInt64(~count), 2) + bytes[start..<end]
      start = end
    } while start < bytes.count
    return out + little(UInt64(checksum(bytes)), 4) + little(UInt64(bytes.count & 0xFFFF_FFFF), 4)
  }

  private static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }

  /// The CRC-32 of RFC 1952.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    let table = (0..<256).map { index -> UInt32 in
      (0..<8).reduce(UInt32(index)) { value, _ in
        value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
      }
    }
    var value: UInt32 = 0xFFFF_FFFF
    for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8) }
    return ~value
  }
}
