// What identifies the code of a step family. The build-tool plugin makes the value.

/// The code of a step family at build time.
///
/// A family's target gets `CodeFingerprint.module` from the FingerprintPlugin; without the plugin
/// a step of that target does not compile, since `Step.code` has no default.
public struct CodeFingerprint: Sendable, Hashable {
  /// The family's target, for example `Featurize`.
  public let family: String
  /// 64 hexadecimal digits: the family's sources and those of the in-package targets it imports.
  public let digest: String
  /// The first line of `swiftc --version` of the build.
  public let compiler: String

  /// The fingerprint of a family's code, as the build computes it.
  public init(family: String, digest: String, compiler: String) {
    self.family = family
    self.digest = digest
    self.compiler = compiler
  }
}
