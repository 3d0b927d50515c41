// Names as SageMaker accepts them, made of any text. It knows nothing of what is named.
import Content

/// The rule of SageMaker's names: letters, digits and `-`, the last at neither end.
public enum ServiceName {
  /// The longest name of a job, a model, an endpoint or its configuration.
  public static let limit = 63

  /// The hexadecimal digits at the end of a name that was altered.
  private static let digits = 12

  /// Whether SageMaker accepts the text as it is.
  public static func isValid(_ name: String, upTo limit: Int = limit) -> Bool {
    let bytes = name.utf8
    guard (1...max(1, limit)).contains(bytes.count) else { return false }
    return bytes.allSatisfy { isPlain($0) || $0 == dash } && bytes.first != dash
      && bytes.last != dash
  }

  /// The text itself where it is a valid name; else what remains of it, `-`, and 12 hexadecimal digits
  /// of the SHA-256 of the whole text.
  ///
  /// Other characters become `-`, and the text is cut in front of the digits. So two texts have two
  /// names, whatever was cut or replaced: `a_b` and `a-b`, composed and decomposed `é`. `limit` is at
  /// least 13.
  public static func cut(_ whole: String, to limit: Int = limit) throws -> String {
    if isValid(whole, upTo: limit) { return whole }
    let digest = try Digest.of(whole).hex.prefix(digits)
    let start = plain(whole, upTo: limit - digits - 1)
    return start.isEmpty ? String(digest) : "\(start)-\(digest)"
  }

  /// The beginning of a text with `-` for other characters, and without `-` at its ends; may be empty.
  public static func plain(_ text: String, upTo limit: Int) -> String {
    let plain = text.map { character in
      character.utf8.count == 1 && character.utf8.allSatisfy(isPlain) ? character : "-"
    }
    let kept = plain.prefix(max(0, limit)).drop { $0 == "-" }
    return String(kept.reversed().drop { $0 == "-" }.reversed())
  }

  private static let dash = UInt8(ascii: "-")

  private static func isPlain(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }
}
