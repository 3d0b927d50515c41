// A Swift source without comments and layout. It knows one source, no file and no hash.

/// The normal form of a Swift source.
///
/// Read as a program, the normal form means what the source means. So two sources with one normal
/// form are one program, and it is safe to give them one fingerprint.
public enum NormalForm {
  /// The tokens of a source with nothing, one space or one newline between each two.
  ///
  /// - Throws: `Unsure` where only the compiler could tell tokens from layout.
  public static func of(_ source: [UInt8]) throws(Unsure) -> [UInt8] {
    let bytes = try foldedLines(source)
    let tokens = try Tokenizer.tokens(of: bytes)
    var normal: [UInt8] = []
    normal.reserveCapacity(bytes.count)
    for token in tokens {
      switch token.gap {
      case .nothing: break
      case .space: normal.append(ASCII.space)
      case .newline: normal.append(ASCII.newline)
      }
      if let rewritten = token.rewritten {
        normal += rewritten
      } else {
        normal += bytes[token.range]
      }
    }
    return normal
  }

  /// The source with each CRLF as a newline, if it is text without other control characters.
  static func foldedLines(_ source: [UInt8]) throws(Unsure) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(source.count)
    for (index, byte) in source.enumerated() {
      switch byte {
      case ASCII.carriageReturn where source[index...].dropFirst().first == ASCII.newline: continue
      case ASCII.tab, ASCII.newline: break
      case 0..<ASCII.space, 0x7f:
        throw Tokenizer(bytes: folded, position: folded.count).unsure(.controlCharacter)
      default: break
      }
      folded.append(byte)
    }
    guard String(validating: folded, as: UTF8.self) != nil else {
      throw Unsure(reason: .notUTF8, line: 1)
    }
    return folded
  }
}
