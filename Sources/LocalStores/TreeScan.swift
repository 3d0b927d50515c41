// Walks a folder and tells which tree it is. It reads no file.
import Content
import FileTools
import Trees

/// The tree that a folder is, with what its files looked like.
package struct TreeScan: Hashable, Sendable {
  package let manifest: TreeManifest
  /// Of the manifest's bytes: the tree's digest.
  package let digest: Digest
  /// Bytes of the manifest.
  package let size: Int64
  /// The files' identities by path; compare with those of a later scan.
  package let identities: [String: FileIdentity]
  /// The files' names as they are on the disk, by path in the manifest.
  package let names: [String: String]
  /// The folders' identities by path.
  package let folders: [String: FileIdentity]

  /// The record of the tree.
  package func record(mediaType: String) -> OutputRecord {
    OutputRecord(digest: digest, size: size, mediaType: mediaType, kind: .tree)
  }
}

/// What is in a folder, checked to be a valid tree.
struct FolderWalk {
  struct File: Sendable {
    /// Relative, as it is on the disk.
    package let path: String
    package let status: FileStatus
  }

  private(set) var files: [File] = []
  private(set) var emptyFolders: [String] = []
  private(set) var links: [TreeLink] = []
  /// Of all folders by path, the walked one's is empty: who adds and removes a name moves them.
  private(set) var folders: [String: FileIdentity] = [:]
  private var problems: [String] = []

  init(_ folder: String) throws {
    folders[""] = try FileIdentity(ofFile: folder)
    try walk(folder, below: "")
    let paths = files.map(\.path) + emptyFolders + links.map(\.path)
    problems += TreePath.problems(in: paths.map(TreePath.nfc).sorted(by: TreePath.precedes))
    problems += links.compactMap { TreePath.problem(of: $0) }
    guard problems.isEmpty else { throw TreeError.invalidTree(path: folder, problems: problems) }
  }

  private mutating func walk(_ folder: String, below prefix: String) throws {
    guard let names = try Disk.names(in: folder) else {
      throw FileError.unsuitable(path: folder, found: "absent or no folder", expected: "a folder")
    }
    if names.isEmpty, !prefix.isEmpty { emptyFolders.append(String(prefix.dropLast())) }
    for name in names.sorted(by: TreePath.precedes) {
      let path = prefix + name
      guard let status = try FileStatus(folder + "/" + name, followingLinks: false) else {
        throw FileError.changing(path: folder)
      }
      switch status.kind {
      case .file: files.append(File(path: path, status: status))
      case .folder:
        folders[path] = status.identity
        try walk(folder + "/" + name, below: path + "/")
      case .symlink:
        guard let target = Disk.target(ofLink: folder + "/" + name) else {
          throw FileError.changing(path: folder)
        }
        links.append(TreeLink(path: path, target: target))
      case .other: problems.append("'\(path)' is \(status.name)")
      }
    }
  }
}
