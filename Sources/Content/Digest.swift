// A digest names bytes. It knows nothing of files, stores or keys.

/// The SHA-256 of some bytes, written `sha256:<64 lowercase hex digits>`.
public struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
  // Four big-endian words: 32 bytes without a heap allocation.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  package init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

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
    let digest =
      text.utf8.withContiguousStorageIfAvailable { Digest(digits: $0) }
      ?? Array(text.utf8).withUnsafeBufferPointer { Digest(digits: $0) }
    guard let digest else { return nil }
    self = digest
  }

  /// Parses the same from UTF-8.
  public init?(digits text: UnsafeBufferPointer<UInt8>) {
    let start = text.count == 71 ? 7 : 0
    guard text.count == 64 || (start == 7 && text.starts(with: "sha256:".utf8)) else { return nil }
    var isSound = true
    func word(_ index: Int) -> UInt64 {
      var word: UInt64 = 0
      for position in start + index * 16..<start + index * 16 + 16 {
        let unit = text[position]
        switch unit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): word = word << 4 | UInt64(unit - 0x30)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): word = word << 4 | UInt64(unit - 0x61 + 10)
        default: isSound = false
        }
      }
      return word
    }
    words = (word(0), word(1), word(2), word(3))
    guard isSound else { return nil }
  }

  /// The 32 bytes, most significant first.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      func put(_ word: UInt64, _ index: Int) {
        for byte in 0..<8 {
          buffer[index * 8 + byte] = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * byte))
        }
      }
      put(words.0, 0)
      put(words.1, 1)
      put(words.2, 2)
      put(words.3, 3)
      count = 32
    }
  }

  /// The 64 hexadecimal digits without a prefix.
  public var hex: String {
    let digits: StaticString = "0123456789abcdef"
    return String(unsafeUninitializedCapacity: 64) { buffer in
      func put(_ word: UInt64, _ index: Int) {
        for digit in 0..<16 {
          let value = Int(word >> UInt64(60 - 4 * digit) & 15)
          buffer[index * 16 + digit] = digits.utf8Start[value]
        }
      }
      put(words.0, 0)
      put(words.1, 1)
      put(words.2, 2)
      put(words.3, 3)
      return 64
    }
  }

  /// The digest with its algorithm, `sha256:<hex>`.
  public var description: String { "sha256:" + hex }

  /// The first twelve hexadecimal digits, for display only.
  public var short: String { String(hex.prefix(12)) }

  /// Whether two digests are equal.
  public static func == (a: Digest, b: Digest) -> Bool { a.words == b.words }
  /// The order of the bytes.
  public static func < (a: Digest, b: Digest) -> Bool { a.words < b.words }
  /// Feeds the digest to a hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }
}

extension Digest: Codable {
  /// Reads the text of a digest.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let digest = Digest(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not a digest: '\(text)'"))
    }
    self = digest
  }

  /// Writes the digest as text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// The digest of a key document; not interchangeable with the digest of an artifact.
public struct ActionKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The SHA-256 of the canonical key document.
  public let digest: Digest

  /// A key from the digest of its document.
  public init(_ digest: Digest) { self.digest = digest }
  /// The digest with its algorithm.
  public var description: String { digest.description }
  /// The order of the digests.
  public static func < (a: ActionKey, b: ActionKey) -> Bool { a.digest < b.digest }
}
