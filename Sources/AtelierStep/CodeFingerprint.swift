// What the build knows of a family's code. It knows neither how the digest is made nor keys.

/// The fingerprint of a step family's code, generated at build time as `CodeFingerprint.module`.
public struct CodeFingerprint: Sendable, Hashable {
  /// The name of the family's target.
  public let family: String
  /// 64 hexadecimal digits: SHA-256 over the sources, the compiler and the tools version.
  public let digest: String
  /// The first line that the compiler says of itself.
  public let compiler: String

  /// A fingerprint from its parts; only generated code and tests have a reason to call it.
  public init(family: String, digest: String, compiler: String) {
    self.family = family
    self.digest = digest
    self.compiler = compiler
  }
}
