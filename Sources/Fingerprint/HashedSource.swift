// A source with its digests, made once for all the steps whose code it is. It knows no other source.

/// The digests of a source, with its comments and layout and without.
public struct HashedSource: Hashable, Sendable {
  /// The path inside the package.
  public let path: String
  let raw: String
  /// The digest of the normal form; nil where the source is not Swift or has none.
  let normal: String?
  /// Why a Swift source has no normal form.
  let unsure: Unsure?

  /// Hashes a source.
  public init(_ file: SourceFile) throws(FingerprintError) {
    path = file.path
    raw = try Self.hex("raw", file.bytes)
    guard file.isSwift else {
      (normal, unsure) = (nil, nil)
      return
    }
    var form: [UInt8] = []
    do {
      form = try NormalForm.of(file.bytes)
    } catch {
      (normal, unsure) = (nil, error)
      return
    }
    normal = try Self.hex("normal", form)
    unsure = nil
  }

  private static func hex(_ kind: String, _ content: [UInt8]) throws(FingerprintError) -> String {
    try SHA256.hex(Array(kind.utf8) + [0] + content)
  }
}
