// The digest of a step's code. It knows sources and versions, neither SwiftPM nor files.

/// What the build promises about a step's code: the same digest, the same program.
public struct CodeDigest: Hashable, Sendable {
  /// 64 lowercase hexadecimal digits for the whole.
  public let hex: String
  /// 64 lowercase hexadecimal digits for each source, by its path inside the package.
  public let files: [String: String]
  /// What turns the sources into a program, by name.
  public let build: [String: String]
  /// The first source without a normal form, and why; nil if comments and layout don't count.
  public let raw: Raw?

  /// A source that made all sources beside it count byte by byte.
  public struct Raw: Hashable, Sendable {
    /// The path inside the package.
    public let path: String
    /// What stands there.
    public let cause: Unsure
  }

  /// Hashes sources, in any order, with what turns them into a program.
  ///
  /// Of each source `normal` or `raw`, NUL and the content are hashed. The whole is of
  /// `atelier.code/2`, then of each entry of `build` and after them of each source in the order of
  /// the names' UTF-8: name, NUL, value or digest, NUL. Swift sources are normal unless one of them
  /// has no normal form: a `#line` in one may show the layout of another, so then all are raw.
  public static func of(
    _ files: [HashedSource], build: [String: String]
  ) throws(FingerprintError) -> CodeDigest {
    for (name, value) in build.sorted(by: { $0.key < $1.key }) { try checkLine(name, value) }
    let sorted = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    for (file, next) in zip(sorted, sorted.dropFirst()) where file.path == next.path {
      throw .repeatedPath(file.path)
    }
    let raw = sorted.lazy.compactMap { file in file.unsure.map { Raw(path: file.path, cause: $0) } }
      .first
    var digests: [String: String] = [:]
    for file in sorted {
      digests[file.path] = raw == nil ? file.normal ?? file.raw : file.raw
    }
    var bytes = Array("atelier.code/2".utf8) + [0]
    for table in [build, digests] {
      for (name, value) in table.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
      {
        for text in [name, value] { bytes += text.utf8 + [0] }
      }
    }
    return CodeDigest(hex: try SHA256.hex(bytes), files: digests, build: build, raw: raw)
  }

  private static func checkLine(_ name: String, _ text: String) throws(FingerprintError) {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= ASCII.space && $0 < 0x7f }) else {
      throw .badText(name: name, value: text)
    }
  }
}
