// A tree as a value: which files it has, by path and digest. It never touches a file system.
import Content

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

/// A symbolic link of a tree.
public struct TreeLink: Hashable, Sendable {
  /// Relative, `/` between names, NFC.
  public let path: String
  /// Where it leads, from the folder that it is in; never out of the tree.
  public let target: String

  /// The path is brought into NFC.
  public init(path: String, target: String) {
    self.path = TreePath.nfc(path)
    self.target = target
  }
}

/// The canonical list of a tree's files, empty folders and links, sorted by the UTF-8 of their paths.
///
/// Its bytes are canonical JSON, `[ENTRY,ENTRY,...]`; their digest is the tree's digest. An entry is
/// `{"digest":"sha256:...","executable":false,"path":"a/b","size":1}`, `{"folder":true,"path":"a/c"}`
/// or `{"link":"../b","path":"a/d"}`. Times and owners are not part of it, nor are folders that hold
/// something, which their contents name.
public struct TreeManifest: Hashable, Sendable {
  /// The files in the order of their paths.
  public let entries: [TreeEntry]
  /// The paths of the folders that hold nothing, in order.
  public let emptyFolders: [String]
  /// The links in the order of their paths.
  public let links: [TreeLink]

  /// Sorts the parts; throws `TreeError.invalidTree` that names every path that cannot be.
  public init(
    _ entries: [TreeEntry], emptyFolders: [String] = [], links: [TreeLink] = [],
    describing folder: String
  ) throws(TreeError) {
    self.init(
      sorted: entries.sorted { TreePath.precedes($0.path, $1.path) },
      emptyFolders: emptyFolders.map(TreePath.nfc).sorted(by: TreePath.precedes),
      links: links.sorted { TreePath.precedes($0.path, $1.path) })
    let problems =
      TreePath.problems(in: allPaths) + self.links.compactMap { TreePath.problem(of: $0) }
    guard problems.isEmpty else { throw .invalidTree(path: folder, problems: problems) }
  }

  package init(sorted entries: [TreeEntry], emptyFolders: [String], links: [TreeLink]) {
    self.entries = entries
    self.emptyFolders = emptyFolders
    self.links = links
  }

  /// The file at a path, or the one that a link there leads to in the end; nil for anything else.
  package func file(at path: String) -> TreeEntry? {
    var path = path
    // A chain of links that is longer goes in circles.
    for _ in 0...links.count {
      if let entry = entries.first(where: { $0.path == path }) { return entry }
      guard let link = links.first(where: { $0.path == path }) else { return nil }
      var names = path.split(separator: "/").dropLast().map(String.init)
      for name in link.target.split(separator: "/") {
        if name == ".." { _ = names.popLast() } else { names.append(String(name)) }
      }
      path = names.joined(separator: "/")
    }
    return nil
  }

  /// The paths of everything in it, in order.
  private var allPaths: [String] {
    if emptyFolders.isEmpty, links.isEmpty { return entries.map(\.path) }
    return (entries.map(\.path) + emptyFolders + links.map(\.path))
      .sorted(by: TreePath.precedes)
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
    var others = others[...]
    for entry in entries {
      while let other = others.first, TreePath.precedes(other.path, entry.path) {
        Self.append(other.bytes, to: &out)
        others = others.dropFirst()
      }
      Self.append(Self.bytes(of: entry), to: &out)
    }
    for other in others { Self.append(other.bytes, to: &out) }
    out.append(UInt8(ascii: "]"))
    return out
  }

  private static func append(_ entry: [UInt8], to out: inout [UInt8]) {
    if out.count > 1 { out.append(UInt8(ascii: ",")) }
    out += entry
  }

  private static func bytes(of entry: TreeEntry) -> [UInt8] {
    Part.digest + Array(entry.digest.hex.utf8)
      + (entry.isExecutable ? Part.executable : Part.plain) + TreePath.quoted(entry.path)
      + Part.size + Array("\(entry.size)}".utf8)
  }

  /// Empty folders and links in the order of their paths.
  private var others: [(path: String, bytes: [UInt8])] {
    let folders = emptyFolders.map { ($0, Part.folder + TreePath.quoted($0) + [Part.end]) }
    let links = links.map {
      (
        $0.path,
        Part.link + TreePath.quoted($0.target) + Part.path + TreePath.quoted($0.path) + [Part.end]
      )
    }
    return (folders + links).sorted { TreePath.precedes($0.0, $1.0) }
      .map { (path: $0.0, bytes: $0.1) }
  }

  /// How the bytes of a tree with files begin.
  package static let opening = [UInt8(ascii: "[")] + Part.digest

  package enum Part {
    package static let folder = Array(#"{"folder":true,"path":"#.utf8)
    package static let link = Array(#"{"link":"#.utf8)
    package static let path = Array(#","path":"#.utf8)
    package static let end = UInt8(ascii: "}")
    package static let digest = Array(#"{"digest":"sha256:"#.utf8)
    package static let executable = Array(#"","executable":true,"path":"#.utf8)
    package static let plain = Array(#"","executable":false,"path":"#.utf8)
    package static let size = Array(#","size":"#.utf8)
  }
}

extension TreeEntry {
  /// The bytes of the file.
  public var blob: SizedDigest { SizedDigest(digest: digest, size: size) }
}
