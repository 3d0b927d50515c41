// A digest names bytes. It knows nothing of files, stores or keys.

/// The SHA-256 of some bytes, written `sha256:<64 lowercase hex digits>`.
public struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
  // Four big-endian words: 32 bytes without a heap allocation.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// A digest of exactly 32 bytes; nil for any other count.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    words = bytes.withUnsafeBytes { raw in
      func word(_ index: Int) -> UInt64 {
        UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
      }
      return (word(0), word(1), word(2), word(3))
    }
  }

  /// Parses 64 lowercase hexadecimal digits, with or without the `sha256:` prefix.
  public init?(_ text: some StringProtocol) {
    let hex = text.hasPrefix("sha256:") ? text.utf8.dropFirst(7) : text.utf8.dropFirst(0)
    guard hex.count == 64 else { return nil }
    var parts: [UInt64] = [0, 0, 0, 0]
    for (index, unit) in hex.enumerated() {
      let nibble: UInt8
      switch unit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): nibble = unit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): nibble = unit - UInt8(ascii: "a") + 10
      default: return nil
      }
      parts[index / 16] = parts[index / 16] << 4 | UInt64(nibble)
    }
    words = (parts[0], parts[1], parts[2], parts[3])
  }

  /// The 32 bytes, most significant first.
  public var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
    }
  }

  /// The 64 hexadecimal digits without a prefix.
  public var hex: String {
    let digits: StaticString = "0123456789abcdef"
    return String(unsafeUninitializedCapacity: 64) { buffer in
      var position = 0
      for word in [words.0, words.1, words.2, words.3] {
        for shift in stride(from: 60, through: 0, by: -4) {
          buffer[position] = digits.utf8Start[Int(word >> UInt64(shift) & 15)]
          position += 1
        }
      }
      return 64
    }
  }

  public var description: String { "sha256:" + hex }

  /// The first twelve hexadecimal digits, for display only.
  public var short: String { String(hex.prefix(12)) }

  public static func == (a: Digest, b: Digest) -> Bool { a.words == b.words }
  public static func < (a: Digest, b: Digest) -> Bool { a.words < b.words }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }
}

extension Digest: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let digest = Digest(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not a digest: '\(text)'"))
    }
    self = digest
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// The digest of a key document; not interchangeable with the digest of an artifact.
public struct ActionKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The SHA-256 of the canonical key document.
  public let digest: Digest

  public init(_ digest: Digest) { self.digest = digest }
  public var description: String { digest.description }
  public static func < (a: ActionKey, b: ActionKey) -> Bool { a.digest < b.digest }
}
