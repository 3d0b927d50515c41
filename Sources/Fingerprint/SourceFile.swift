// A source as the fingerprint sees it: a name inside the package and bytes. It reads no disk.

/// One source of a family or of a target that the family imports.
public struct SourceFile: Hashable, Sendable {
  /// The path relative to the package's root, with `/` between its parts.
  public let path: String
  /// The bytes as they are on disk.
  public let bytes: [UInt8]

  /// A source by its path inside the package.
  ///
  /// - Throws: `FingerprintError.badPath` for an absolute path or one with `.`, `..` or NUL.
  public init(path: String, bytes: [UInt8]) throws(FingerprintError) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !["", ".", ".."].contains($0) }), !path.utf8.contains(0) else {
      throw .badPath(path)
    }
    self.path = path
    self.bytes = bytes
  }

  var isSwift: Bool { path.hasSuffix(".swift") }
}
