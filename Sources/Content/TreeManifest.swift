// A tree as a value: which files it has, by path and digest. It never touches a file system.

/// One file of a tree.
public struct TreeEntry: Hashable, Sendable {
  /// Relative, `/` between names, NFC.
  public let path: String
  /// The digest of the file's bytes.
  public let digest: Digest
  /// Bytes.
  public let size: Int64
  /// Whether the file may be executed.
  public let isExecutable: Bool

  /// The path is brought into NFC.
  public init(path: String, digest: Digest, size: Int64, isExecutable: Bool) {
    self.path = TreePath.nfc(path)
    self.digest = digest
    self.size = size
    self.isExecutable = isExecutable
  }
}

/// The canonical list of a tree's files, sorted by the UTF-8 of their paths.
///
/// Its bytes are `[{"digest":"sha256:...","executable":false,"path":"a/b","size":1},...]`, canonical
/// JSON; their digest is the tree's digest. Times, owners and empty folders are not part of it.
public struct TreeManifest: Hashable, Sendable {
  /// The files in the order of their paths.
  public let entries: [TreeEntry]

  /// Sorts the entries; throws `TreeError.invalidTree` that names every path that cannot be.
  public init(_ entries: [TreeEntry], describing folder: String) throws(TreeError) {
    self.entries = entries.sorted { TreePath.precedes($0.path, $1.path) }
    let problems = TreePath.problems(in: self.entries.map(\.path))
    guard problems.isEmpty else { throw .invalidTree(path: folder, problems: problems) }
  }

  /// The sum of all files' bytes; the largest number where a manifest claims more.
  public var totalSize: Int64 {
    entries.saturatedSum(\.size)
  }

  /// The canonical bytes.
  public var bytes: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(entries.count * 160 + 2)
    out.append(UInt8(ascii: "["))
    for (index, entry) in entries.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      out += Part.digest
      out += entry.digest.hex.utf8
      out += entry.isExecutable ? Part.executable : Part.plain
      out += TreePath.quoted(entry.path)
      out += Part.size
      out += String(entry.size).utf8
      out.append(UInt8(ascii: "}"))
    }
    out.append(UInt8(ascii: "]"))
    return out
  }

  /// How the bytes of a tree with files begin.
  package static let opening = [UInt8(ascii: "[")] + Part.digest

  package enum Part {
    package static let digest = Array(#"{"digest":"sha256:"#.utf8)
    static let executable = Array(#"","executable":true,"path":"#.utf8)
    static let plain = Array(#"","executable":false,"path":"#.utf8)
    package static let size = Array(#","size":"#.utf8)
  }
}
