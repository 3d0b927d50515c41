// What identifies the code of a step. The build-tool plugin makes the value.
import Content

/// The code of a step at build time.
///
/// The steps of a family get theirs from the FamilyPlugin; without the plugin a step does not compile,
/// since `Step.code` has no default.
public struct CodeFingerprint: Sendable, Hashable {
  /// The family's target, for example `Featurize`.
  public let family: String
  /// 64 hexadecimal digits: the step's own source, the family's without a step, those of the in-package
  /// targets that the family imports, and what turns them into a program.
  public let digest: String
  /// The digest of each source, 64 hexadecimal digits by path inside the package.
  public let files: SharedPart
  /// What turns the sources into a program: compiler, target, version of the package tools, flags of
  /// the C and Swift compilers, and whether unchecked.
  ///
  /// Levels of optimisation, debug information and `-enable-testing` are not among them.
  public let build: SharedPart

  /// The fingerprint of a step's code, as the build computes it; `files` and `build` are canonical
  /// JSON, and `isUnchecked` is how the family's own module is compiled.
  public init(family: String, digest: String, files: String, build: String, isUnchecked: Bool) {
    self.family = family
    self.digest = digest
    self.files = SharedPart(canonical: files)
    // The last of the names, in the order of canonical JSON.
    self.build = SharedPart(
      canonical: build.dropLast() + ",\"unchecked\":\"" + (isUnchecked ? "yes" : "no") + "\"}")
  }

  /// The fingerprint of code that is in no file, as tests have it.
  public init(family: String, digest: String, compiler: String) {
    self.family = family
    self.digest = digest
    files = SharedPart(["code": digest])
    build = SharedPart(["compiler": compiler])
  }

  /// Whether the module that asks is compiled without checks (`-Ounchecked`), which may change what
  /// its code does.
  @_transparent public static var isUnchecked: Bool { _isFastAssertConfiguration() }
}
