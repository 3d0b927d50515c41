// Trees laid out as folders of hard links, once for all steps that read them. A link makes no new
// file, and a folder that stays need not be deleted: both take ext4 longer than the step itself.
import CSystem
import Content
import FileIndex
import FileTools
import Trees

/// The folders of trees, `.atelier/trees/<digest>`.
package struct TreeFolders: Sendable {
  private let trees: TreeStore

  package init(_ trees: TreeStore) { self.trees = trees }

  private var blobs: ContentStore { trees.blobs }

  /// A folder with a tree's files, for reading only; it lies beside the blobs and stays.
  ///
  /// Each use makes sure that its names still lead to the blobs, and to nothing else; check the
  /// blobs themselves by `check`, before and after. Executables are copies, since blobs are not.
  /// Throws `StoreError.missing` for a tree that is not whole.
  package func folder(of record: OutputRecord) throws -> String {
    try blobs.requireWritable()
    let tree = TreeFolder(try trees.manifest(of: record), at: blobs.layout.tree(record.digest))
    if try isSound(tree, record) { return tree.path }
    let sound = try trees.requireGood(record)
    try moveToTrash(tree.path)
    let draft = try blobs.temporary.next()
    var layout = InputLayout(trees)
    let linked = try layout.add(record, at: draft, sound: sound)
    // A folder that nobody may write to cannot be renamed into another one.
    Disk.unprotect(draft)
    do {
      try Disk.move(draft, to: tree.path)
      try InputLayout.seal(tree.path)
    } catch {
      // Another process was quicker; what it made will do.
      guard try isSound(tree, record) else { throw error }
    }
    // The links have moved the blobs' ctimes: one row for them all again.
    if let files = try TreeIdentities.digest(linked) {
      blobs.index.remember(tree: record.digest, files: files)
    } else {
      _ = try trees.check(record)
    }
    return tree.path
  }

  /// Moves a folder that cannot be used to where the end of the run deletes it.
  package func moveToTrash(_ path: String) throws {
    guard try FileStatus(path, followingLinks: false) != nil else { return }
    Disk.unprotect(path)
    try Disk.move(path, to: try blobs.temporary.next())
  }

  // MARK: Checking

  /// Whether the folder holds the tree's files, linked to the blobs as they are now, and no more.
  private func isSound(_ tree: TreeFolder, _ record: OutputRecord) throws -> Bool {
    let clock = cs_file_clock()
    guard let folders = try tree.identities(), let files = try trees.identities(ofFilesIn: record)
    else {
      return false
    }
    var seen = try TreeIdentities()
    for folder in folders { seen.add(folder) }
    let row = try Digest.of("folder:\(record.digest):\(Digest(bytes: files)?.hex ?? "")")
    let known = try seen.finish()
    if let known, blobs.index.files(ofTree: row) == known { return true }
    guard try tree.hasNoOtherNames() else { return false }
    guard tree.hasItsLinks() else { return false }
    let entries = tree.manifest.entries
    let folder = try FolderHandle(tree.path)
    let shards = try BlobFolder(blobs)
    let links = try Parallel.map(entries.count) { try isSound(entries[$0], in: folder, shards) }
    guard !links.contains(nil) else { return false }
    // Nothing that changes from now on may look the same, and a copy's bytes show in no folder.
    if let known, !links.contains(false), folders.allSatisfy({ $0.isSettled(at: clock) }) {
      blobs.index.remember(tree: row, files: known)
    }
    return true
  }

  /// Whether the folder of a tree holds what its name says, by a check of each file that trusts no
  /// row; nil where the tree's manifest is not here.
  package func isFolderSound(of digest: Digest) throws -> Bool? {
    let record = OutputRecord(digest: digest, size: 0, mediaType: "", kind: .tree)
    guard let manifest = try? trees.manifest(of: record) else { return nil }
    let tree = TreeFolder(manifest, at: blobs.layout.tree(digest))
    guard try tree.identities() != nil, try tree.hasNoOtherNames(), tree.hasItsLinks() else {
      return false
    }
    return try manifest.entries.allSatisfy { entry in
      let path = tree.path + "/" + entry.path
      let blob = try FileStatus(blobs.layout.blob(entry.digest), followingLinks: false)?.identity
      guard let status = try FileStatus(path, followingLinks: false), status.kind == .file,
        status.isExecutable == entry.isExecutable
      else { return false }
      // A link is the blob itself, whose bytes are checked as such.
      if status.identity == blob { return true }
      return try blobs.memo.hash(path).digest == entry.digest
    }
  }

  /// True for a link to the entry's blob, false for a sound copy of it, nil for anything else.
  private func isSound(
    _ entry: TreeEntry, in folder: FolderHandle, _ shards: BlobFolder
  ) throws -> Bool? {
    guard let status = try folder.status(of: entry.path), status.kind == .file,
      status.isExecutable == entry.isExecutable
    else { return nil }
    let blob = try shards.handle.status(of: shards.name(of: entry.digest))?.identity
    if status.identity == blob { return true }
    guard status.identity.size == entry.size else { return nil }
    let path = folder.path(of: entry.path)
    return try blobs.memo.digest(of: path, status: status).digest == entry.digest ? false : nil
  }
}

extension FileIdentity {
  /// Whether nothing but links can have come since.
  package func isLinked(_ before: FileIdentity) -> Bool {
    device == before.device && inode == before.inode && size == before.size
      && mtime == before.mtime
  }
}
