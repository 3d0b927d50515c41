// Reads the one byte form that a manifest may have. A general JSON parser would take ten times
// longer, and a tree of 20,000 files is read at every check.

extension TreeManifest {
  /// Reads canonical bytes; throws `TreeError.invalidManifest` for anything else.
  ///
  /// Paths are safe to use: relative, without `..`, ascending. Names that differ in case only are
  /// looked for by `validate`.
  public init(parsing bytes: [UInt8], digest: Digest) throws(TreeError) {
    var parser = TreeManifestParser(bytes: bytes[...])
    guard let entries = parser.entries() else {
      throw .invalidManifest(
        digest: digest, reason: "byte \(parser.bytes.startIndex) is unexpected")
    }
    self.entries = entries
  }

  /// Throws `TreeError.invalidTree` when the tree cannot be laid out on every file system.
  public func validate(describing name: String) throws(TreeError) {
    _ = try TreeManifest(entries, describing: name)
  }
}

private struct TreeManifestParser {
  var bytes: ArraySlice<UInt8>

  mutating func entries() -> [TreeEntry]? {
    guard take(UInt8(ascii: "[")) else { return nil }
    var entries: [TreeEntry] = []
    entries.reserveCapacity(bytes.count / 120)
    while bytes.first == UInt8(ascii: "{") {
      guard let entry = entry() else { return nil }
      if let last = entries.last, !TreePath.precedes(last.path, entry.path) { return nil }
      entries.append(entry)
      guard take(UInt8(ascii: ",")) else { break }
      guard bytes.first == UInt8(ascii: "{") else { return nil }
    }
    guard take(UInt8(ascii: "]")), bytes.isEmpty else { return nil }
    return entries
  }

  private mutating func entry() -> TreeEntry? {
    guard take(TreeManifest.Part.digest), bytes.count > 64,
      let digest = bytes.prefix(64).withUnsafeBufferPointer({ Digest(digits: $0) })
    else { return nil }
    bytes = bytes.dropFirst(64)
    let isExecutable = take(TreeManifest.Part.executable)
    guard isExecutable || take(TreeManifest.Part.plain), let path = path(),
      take(TreeManifest.Part.size), let size = number(), take(UInt8(ascii: "}"))
    else { return nil }
    let entry = TreeEntry(path: path, digest: digest, size: size, isExecutable: isExecutable)
    // Equal text may still be other bytes: a path that is not NFC is not canonical.
    guard entry.path.utf8.elementsEqual(path.utf8), TreePath.problem(of: path) == nil else {
      return nil
    }
    return entry
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard bytes.first == byte else { return false }
    bytes = bytes.dropFirst()
    return true
  }

  private mutating func take(_ part: [UInt8]) -> Bool {
    guard bytes.starts(with: part) else { return false }
    bytes = bytes.dropFirst(part.count)
    return true
  }

  /// A JSON string; one with escapes goes through the general parser and must be canonical.
  private mutating func path() -> String? {
    guard bytes.first == UInt8(ascii: "\"") else { return nil }
    var end = bytes.startIndex + 1
    var hasEscapes = false
    while end < bytes.endIndex, bytes[end] != UInt8(ascii: "\"") {
      // JSON has such characters as escapes only.
      guard bytes[end] >= 0x20 else { return nil }
      if bytes[end] == UInt8(ascii: "\\") {
        hasEscapes = true
        end += 1
      }
      end += 1
    }
    guard end < bytes.endIndex else { return nil }
    let quoted = bytes[bytes.startIndex...end]
    bytes = bytes[(end + 1)...]
    if !hasEscapes { return String(validating: quoted.dropFirst().dropLast(), as: UTF8.self) }
    guard let text = try? JSONValue(parsing: Array(quoted)).string,
      TreePath.quoted(text).elementsEqual(quoted)
    else { return nil }
    return text
  }

  private mutating func number() -> Int64? {
    let digits = bytes.prefix { $0 >= 0x30 && $0 <= 0x39 }
    guard let first = digits.first, first != 0x30 || digits.count == 1, digits.count <= 18 else {
      return nil
    }
    bytes = bytes.dropFirst(digits.count)
    return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }
}
