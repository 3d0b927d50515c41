// Folders as trees: scanning, adopting. It knows nothing of how trees are laid out again.
import Content
import FileIndex
import FileTools

/// What a look through a folder gave.
public struct TreeScan: Hashable, Sendable {
  public let manifest: TreeManifest
  /// Of the manifest's bytes: the tree's digest.
  public let digest: Digest
  /// Bytes of the manifest.
  public let size: Int64
  /// The files' identities by path; compare with those of a later scan.
  public let identities: [String: FileIdentity]

  /// The record of the tree.
  public func record(mediaType: String) -> OutputRecord {
    OutputRecord(digest: digest, size: size, mediaType: mediaType, kind: .tree)
  }
}

extension DirectoryStore {
  /// Takes a folder of this file system's scratch as a tree: its files become blobs, as `adopt` does.
  ///
  /// Nothing is moved when the folder is no valid tree (`TreeError.invalidTree`).
  public func adoptTree(_ folder: String, mediaType: String) throws -> OutputRecord {
    try requireWritable()
    let scan = try tree(folder) { path, status in try adoptBlob(path, status) }
    _ = try put(bytes: scan.manifest.bytes)
    try remember(scan)
    return scan.record(mediaType: mediaType)
  }

  /// Copies a folder from elsewhere as a tree.
  public func importTree(_ folder: String, mediaType: String) throws -> OutputRecord {
    try requireWritable()
    let scan = try tree(folder) { path, _ in try copyBlob(path, expecting: nil) }
    _ = try put(bytes: scan.manifest.bytes)
    try remember(scan)
    return scan.record(mediaType: mediaType)
  }

  /// Remembers the blobs of a tree as they were placed, so that the next check need not look at each
  /// one's row.
  private func remember(_ scan: TreeScan) throws {
    var placed = try TreeIdentities()
    for entry in scan.manifest.entries { placed.add(scan.identities[entry.path]) }
    if let files = try placed.finish() { index.remember(tree: scan.digest, files: files) }
  }

  /// The tree that a folder outside of the store is; nothing is copied, and files that did not
  /// change since the last scan are not read.
  public func scanTree(_ folder: String) throws -> TreeScan {
    try tree(folder) { path, status in try memo.digest(of: path, status: status) }
  }

  private func tree(
    _ folder: String,
    _ digest: @escaping @Sendable (_ path: String, _ status: FileStatus) throws -> FileDigest
  ) throws -> TreeScan {
    let files = try FolderWalk(folder).files
    let digests = try Parallel.map(files.count) { index in
      try digest(folder + "/" + files[index].path, files[index].status)
    }
    var entries: [TreeEntry] = []
    entries.reserveCapacity(files.count)
    var identities: [String: FileIdentity] = [:]
    identities.reserveCapacity(files.count)
    for (file, found) in zip(files, digests) {
      let entry = TreeEntry(
        path: file.path, digest: found.digest, size: found.size,
        isExecutable: file.status.isExecutable)
      entries.append(entry)
      identities[entry.path] = found.identity
    }
    let manifest = try TreeManifest(entries, describing: folder)
    let bytes = manifest.bytes
    return TreeScan(
      manifest: manifest, digest: try Digest.of(bytes), size: Int64(bytes.count),
      identities: identities)
  }
}

/// The files of a folder, checked to be a valid tree.
private struct FolderWalk {
  struct File: Sendable {
    /// Relative, as it is on the disk.
    let path: String
    let status: FileStatus
  }

  private(set) var files: [File] = []
  private var problems: [String] = []

  init(_ folder: String) throws {
    try walk(folder, below: "")
    problems += TreePath.problems(
      in: files.map { TreePath.nfc($0.path) }.sorted(by: TreePath.precedes))
    guard problems.isEmpty else { throw TreeError.invalidTree(path: folder, problems: problems) }
  }

  private mutating func walk(_ folder: String, below prefix: String) throws {
    guard let names = try Disk.names(in: folder) else {
      throw FileError.unsuitable(path: folder, found: "absent or no folder", expected: "a folder")
    }
    for name in names.sorted(by: TreePath.precedes) {
      let path = prefix + name
      guard let status = try FileStatus(folder + "/" + name, followingLinks: false) else {
        throw FileError.changing(path: folder)
      }
      switch status.kind {
      case .file: files.append(File(path: path, status: status))
      case .folder: try walk(folder + "/" + name, below: path + "/")
      case .symlink, .other: problems.append("'\(path)' is \(status.name)")
      }
    }
  }
}
