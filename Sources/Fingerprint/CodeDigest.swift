// The digest of a family's code. It knows sources and versions, neither SwiftPM nor files.

/// What the build promises about a family's code: the same digest, the same program.
public struct CodeDigest: Hashable, Sendable {
  /// 64 lowercase hexadecimal digits.
  public let hex: String
  /// The first source without a normal form, and why; nil if comments and layout don't count.
  public let raw: Raw?

  /// A source that made all sources of its family count byte by byte.
  public struct Raw: Hashable, Sendable {
    /// The path inside the package.
    public let path: String
    /// What stands there.
    public let cause: Unsure
  }

  /// Hashes sources, in any order, with the versions that turn them into a program.
  ///
  /// The bytes hashed are `atelier.code/1`, the compiler and the tools version, each with NUL
  /// behind it; then of each source in the order of the paths' UTF-8: path, NUL, `normal` or
  /// `raw`, NUL, decimal length, NUL, content. Swift sources are normal unless one of them has no
  /// normal form: a `#line` in one may show the layout of another, so then all are raw.
  public static func of(
    _ files: [SourceFile], compiler: String, tools: String
  ) throws(FingerprintError) -> CodeDigest {
    try checkLine("compiler version", compiler)
    try checkLine("tools version", tools)
    let sorted = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    for (file, next) in zip(sorted, sorted.dropFirst()) where file.path == next.path {
      throw .repeatedPath(file.path)
    }
    var bytes: [UInt8] = []
    for text in ["atelier.code/1", compiler, tools] { bytes += text.utf8 + [0] }
    let (entries, raw) = entries(sorted)
    for (path, kind, content) in entries {
      for text in [path, kind, String(content.count)] { bytes += text.utf8 + [0] }
      bytes += content
    }
    return CodeDigest(hex: try SHA256.hex(bytes), raw: raw)
  }

  private typealias Entry = (path: String, kind: String, content: [UInt8])

  private static func entries(_ files: [SourceFile]) -> ([Entry], Raw?) {
    var entries: [Entry] = []
    for file in files {
      guard file.isSwift else {
        entries.append((file.path, "raw", file.bytes))
        continue
      }
      do {
        entries.append((file.path, "normal", try NormalForm.of(file.bytes)))
      } catch {
        return (files.map { ($0.path, "raw", $0.bytes) }, Raw(path: file.path, cause: error))
      }
    }
    return (entries, nil)
  }

  private static func checkLine(_ name: String, _ text: String) throws(FingerprintError) {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= ASCII.space && $0 < 0x7f }) else {
      throw .badText(name: name, value: text)
    }
  }
}
