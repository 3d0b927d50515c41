// A digest with the count of the bytes that it is of: what a store needs to name, check and fetch them.

/// A blob by name and size.
public struct SizedDigest: Hashable, Sendable {
  /// The digest of the bytes.
  public let digest: Digest
  /// Bytes.
  public let size: Int64

  /// A digest with the number of bytes.
  public init(digest: Digest, size: Int64) {
    self.digest = digest
    self.size = size
  }
}

extension OutputRecord {
  /// The bytes of the file, or of the tree's manifest.
  public var blob: SizedDigest { SizedDigest(digest: digest, size: size) }
}
