// Base64 as DSSE has it: either alphabet, never both, with nothing that two texts could say differently.
import Content

/// Base64 text and its bytes.
enum Base64Text {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of bytes in the standard alphabet, padded.
  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = Array(bytes[start..<min(start + 3, bytes.count)])
      let first = group[0]
      let second = group.count > 1 ? group[1] : 0
      let third = group.count > 2 ? group[2] : 0
      text.append(alphabet[Int(first >> 2)])
      text.append(alphabet[Int((first & 3) << 4 | second >> 4)])
      text.append(
        group.count > 1 ? alphabet[Int((second & 15) << 2 | third >> 6)] : UInt8(ascii: "="))
      text.append(group.count > 2 ? alphabet[Int(third & 63)] : UInt8(ascii: "="))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text, padded or not; nil where it mixes both alphabets or holds anything else.
  static func decode(_ text: String) -> [UInt8]? {
    var units = Array(text.utf8)
    let isPadded = units.last == UInt8(ascii: "=")
    if isPadded, units.count % 4 != 0 { return nil }
    for _ in 0..<2 where units.last == UInt8(ascii: "=") { units.removeLast() }
    guard units.count % 4 != 1 else { return nil }
    var standard = false
    var urlSafe = false
    var bytes: [UInt8] = []
    bytes.reserveCapacity(units.count * 3 / 4)
    var bits = 0
    var value: UInt32 = 0
    for unit in units {
      let digit: UInt32
      switch unit {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = UInt32(unit - 65)
      case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = UInt32(unit - 97 + 26)
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt32(unit - 48 + 52)
      case UInt8(ascii: "+"): (digit, standard) = (62, true)
      case UInt8(ascii: "/"): (digit, standard) = (63, true)
      case UInt8(ascii: "-"): (digit, urlSafe) = (62, true)
      case UInt8(ascii: "_"): (digit, urlSafe) = (63, true)
      default: return nil
      }
      value = value << 6 | digit
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(bits)))
        value &= (1 << UInt32(bits)) - 1
      }
    }
    // Bits beyond the last byte say nothing, so a text with some of them set says it in a second way.
    guard value == 0, !(standard && urlSafe) else { return nil }
    return bytes
  }
}

/// Signatures as programs print them.
package enum SignatureText {
  /// The bytes of base64; nil for any other text.
  package static func decode(_ text: String) -> [UInt8]? { Base64Text.decode(text) }
}
