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
  /// What the manifest's entries looked like on the disk, in their order.
  package let files: [File]
  /// The folders' identities by path.
  package let folders: [String: FileIdentity]

  package struct File: Hashable, Sendable {
    /// The relative path as it is on the disk; the manifest has it in NFC.
    package let name: String
    package let identity: FileIdentity
  }

  /// The files' identities by path; compare with those of a later scan.
  package var identities: [String: FileIdentity] {
    Dictionary(
      zip(manifest.entries, files).map { ($0.path, $1.identity) },
      uniquingKeysWith: { first, _ in first })
  }

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

  init(_ handle: FolderHandle) throws {
    let folder = handle.path
    folders[""] = try FileStatus(descriptor: handle.descriptor, path: folder).identity
    try walk("", handle)
    let paths = files.map(\.path) + emptyFolders + links.map(\.path)
    problems += TreePath.problems(in: paths.map(TreePath.nfc).sorted(by: TreePath.precedes))
    problems += links.compactMap { TreePath.problem(of: $0) }
    guard problems.isEmpty else { throw TreeError.invalidTree(path: folder, problems: problems) }
  }

  /// Walks a folder by its path below the handle's.
  private mutating func walk(_ folder: String, _ handle: FolderHandle) throws {
    try Interruption.check()
    guard let found = try handle.entries(in: folder) else {
      throw FileError.changing(path: handle.path)
    }
    if found.isEmpty, !folder.isEmpty { emptyFolders.append(folder) }
    for (name, status) in found.sorted(by: { TreePath.precedes($0.name, $1.name) }) {
      let path = folder.isEmpty ? name : folder + "/" + name
      switch status.kind {
      case .file: files.append(File(path: path, status: status))
      case .folder:
        folders[path] = status.identity
        try walk(path, handle)
      case .symlink:
        guard let target = Disk.target(ofLink: handle.path(of: path)) else {
          throw FileError.changing(path: handle.path)
        }
        links.append(TreeLink(path: path, target: target))
      case .other: problems.append("'\(path)' is \(status.name)")
      }
    }
  }
}
