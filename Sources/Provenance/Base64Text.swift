// Base64 as DSSE has it: either alphabet, never both, with nothing that two texts could say differently.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Base64 text and its bytes.
enum Base64Text {
  /// The text of bytes in the standard alphabet, padded.
  static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

  /// The bytes of a text, padded or not; nil where it mixes both alphabets or holds anything else.
  static func decode(_ text: String) -> [UInt8]? {
    var digits = Array(text.utf8)
    if digits.last == UInt8(ascii: "="), digits.count % 4 != 0 { return nil }
    for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
    let isURLSafe = digits.contains { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    if isURLSafe {
      guard !digits.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }) else {
        return nil
      }
      digits = digits.map { digit in
        switch digit {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: digit
        }
      }
    }
    let padding = [UInt8](repeating: UInt8(ascii: "="), count: (4 - digits.count % 4) % 4)
    let whole = String(decoding: digits + padding, as: UTF8.self)
    // Bits beyond the last byte say nothing, so a text with some of them set says it in a second way.
    guard let data = Data(base64Encoded: whole), data.base64EncodedString() == whole else {
      return nil
    }
    return Array(data)
  }
}

/// Signatures as programs print them.
package enum SignatureText {
  /// The bytes of base64; nil for any other text.
  package static func decode(_ text: String) -> [UInt8]? { Base64Text.decode(text) }
}
