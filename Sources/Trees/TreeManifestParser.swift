// Reads the one byte form that a manifest may have. A general JSON parser would take ten times
// longer, and a tree of 20,000 files is read at every check.
import Content

extension TreeManifest {
  /// Reads canonical bytes; throws `TreeError.invalidManifest` for anything else.
  ///
  /// Paths are safe to use: relative, without `..`, ascending. Names that differ in case only are
  /// looked for by `validate`.
  public init(parsing bytes: [UInt8], digest: Digest) throws(TreeError) {
    var parser = TreeManifestParser(bytes: bytes[...])
    guard parser.parse() else {
      throw .invalidManifest(
        digest: digest, reason: "byte \(parser.bytes.startIndex) is unexpected")
    }
    self.init(sorted: parser.entries, emptyFolders: parser.emptyFolders, links: parser.links)
  }

  /// Throws `TreeError.invalidTree` when the tree cannot be laid out on every file system.
  public func validate(describing name: String) throws(TreeError) {
    _ = try TreeManifest(entries, emptyFolders: emptyFolders, links: links, describing: name)
  }
}

private struct TreeManifestParser {
  var bytes: ArraySlice<UInt8>
  private(set) var entries: [TreeEntry] = []
  private(set) var emptyFolders: [String] = []
  private(set) var links: [TreeLink] = []

  init(bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// Reads all; false where something is unexpected, and then `bytes` begins there.
  mutating func parse() -> Bool {
    guard take(UInt8(ascii: "[")) else { return false }
    entries.reserveCapacity(bytes.count / 120)
    var last: String?
    while bytes.first == UInt8(ascii: "{") {
      guard let path = part() else { return false }
      if let last, !TreePath.precedes(last, path) { return false }
      last = path
      guard take(UInt8(ascii: ",")) else { break }
      guard bytes.first == UInt8(ascii: "{") else { return false }
    }
    return take(UInt8(ascii: "]")) && bytes.isEmpty
  }

  /// Reads a file, an empty folder or a link; its path.
  private mutating func part() -> String? {
    if take(TreeManifest.Part.folder) {
      guard let path = path(), take(TreeManifest.Part.end), isCanonical(path) else { return nil }
      emptyFolders.append(path)
      return path
    }
    if take(TreeManifest.Part.link) {
      guard let target = path(), take(TreeManifest.Part.path), let path = path(),
        take(TreeManifest.Part.end), isCanonical(path)
      else { return nil }
      let link = TreeLink(path: path, target: target)
      guard TreePath.problem(of: link) == nil else { return nil }
      links.append(link)
      return path
    }
    guard let entry = entry() else { return nil }
    entries.append(entry)
    return entry.path
  }

  /// Equal text may still be other bytes: a path that is not NFC is not canonical.
  private func isCanonical(_ path: String) -> Bool {
    TreePath.nfc(path).utf8.elementsEqual(path.utf8) && TreePath.problem(of: path) == nil
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
    guard isCanonical(path) else { return nil }
    return TreeEntry(path: path, digest: digest, size: size, isExecutable: isExecutable)
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
