// The folders that a tree needs, and whether a folder on disk has just these. It changes nothing.
import Content
import FileTools
import Trees

/// The folders that a tree's files need.
struct TreeFolder {
  struct Folder {
    /// Empty for the tree's own folder, else a slash and the relative path.
    package let suffix: String
    /// Files and folders right in it.
    package var names = 0
  }

  let manifest: TreeManifest
  let path: String
  /// Each before those within it.
  private(set) var folders = [Folder(suffix: "")]

  init(_ manifest: TreeManifest, at path: String) {
    self.manifest = manifest
    self.path = path
    var positions = ["": 0]
    var last = (suffix: "", position: 0)
    for entry in manifest.entries {
      let suffix = Self.parent(of: "/" + entry.path)
      if suffix != last.suffix { last = (suffix, add(suffix, &positions)) }
      folders[last.position].names += 1
    }
    for path in manifest.emptyFolders { _ = add("/" + path, &positions) }
    for link in manifest.links {
      folders[add(Self.parent(of: "/" + link.path), &positions)].names += 1
    }
  }

  /// The position of a folder, added with those above it when it is new.
  private mutating func add(_ suffix: String, _ positions: inout [String: Int]) -> Int {
    var missing: [String] = []
    var suffix = suffix
    var position = positions[suffix]
    while position == nil {
      missing.append(suffix)
      suffix = Self.parent(of: suffix)
      position = positions[suffix]
    }
    var above = position ?? 0
    for suffix in missing.reversed() {
      folders[above].names += 1
      above = folders.count
      positions[suffix] = above
      folders.append(Folder(suffix: suffix))
    }
    return above
  }

  /// By UTF-8, and before the last slash, which every suffix but the empty one has.
  private static func parent(of suffix: String) -> String {
    suffix.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(suffix[..<$0]) } ?? ""
  }

  /// The identities of all folders; nil where one is missing.
  func identities() throws -> [FileIdentity]? {
    var identities: [FileIdentity] = []
    for folder in folders {
      guard let status = try FileStatus(path + folder.suffix, followingLinks: false),
        status.kind == .folder
      else { return nil }
      identities.append(status.identity)
    }
    return identities
  }

  /// Whether each link leads to where it should.
  func hasItsLinks() -> Bool {
    manifest.links.allSatisfy { Disk.target(ofLink: path + "/" + $0.path) == $0.target }
  }

  /// Whether each folder has as many names as the tree has in it.
  func hasNoOtherNames() throws -> Bool {
    for folder in folders {
      guard try Disk.names(in: path + folder.suffix)?.count == folder.names else { return false }
    }
    return true
  }
}
