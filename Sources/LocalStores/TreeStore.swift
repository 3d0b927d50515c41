// Outputs as wholes: files, and folders as trees of blobs. It knows nothing of how a tree is laid out.
import Content
import FileIndex
import FileTools
import StoreFolder
import Trees

/// Adopts, imports and checks outputs of a content store.
///
/// Safe to use from any thread and any number of processes.
package struct TreeStore: Sendable {
  package let blobs: ContentStore

  // MARK: Checking

  /// Checks all blobs of an output, of a tree its manifest and each file.
  ///
  /// One stat and one memo row for a blob that is as it was when it was verified; one that
  /// differs is hashed again, and moved to the quarantine when its bytes are wrong.
  package func check(_ record: OutputRecord) throws -> BlobHealth {
    let own = try blobs.health(of: record.digest, size: record.size)
    guard own == .good, record.kind == .tree else { return own }
    if let sound = blobs.index.files(ofTree: record.digest),
      try identities(ofFilesIn: record) == sound
    {
      return .good
    }
    return try checkFiles(of: record)
  }

  private func checkFiles(of record: OutputRecord) throws -> BlobHealth {
    let entries: [TreeEntry]
    do {
      entries = try manifest(of: record).entries
    } catch StoreError.missing(let digest, _) {
      return .missing([digest])
    } catch TreeError.invalidManifest {
      // Sound bytes, but not of a tree: the record is wrong.
      return .missing([record.digest])
    }
    var missing: [Digest] = []
    var quarantined: [Digest] = []
    var sound = try TreeIdentities()
    for entry in entries {
      let found = try blobs.inspect(entry.digest, size: entry.size)
      sound.add(found.vouched)
      switch found.health {
      case .good: continue
      case .missing(let digests): missing += digests
      case .quarantined(let digests): quarantined += digests
      }
    }
    if !quarantined.isEmpty { return .quarantined(quarantined) }
    if !missing.isEmpty { return .missing(missing) }
    if let files = try sound.finish() { blobs.index.remember(tree: record.digest, files: files) }
    return .good
  }

  /// The manifest of a tree; its bytes are verified.
  package func manifest(of record: OutputRecord) throws -> TreeManifest {
    do {
      return try TreeManifest(
        parsing: blobs.bytes(of: record.digest, atMost: ByteLimit.manifest), digest: record.digest)
    } catch StoreError.tooLarge(_, let size, _) {
      throw TreeError.invalidManifest(digest: record.digest, reason: "it has \(size) bytes")
    }
  }

  // MARK: In

  /// Takes a folder of this file system's scratch as a tree: its files become blobs, as `adopt` does.
  ///
  /// Nothing is moved when the folder is no valid tree (`TreeError.invalidTree`).
  package func adoptTree(_ folder: String, mediaType: String) throws -> OutputRecord {
    try blobs.requireWritable()
    let scan = try tree(folder) { path, status in try blobs.adoptBlob(path, status) }
    _ = try blobs.put(bytes: scan.manifest.bytes)
    try remember(scan)
    return scan.record(mediaType: mediaType)
  }

  /// Copies a folder from elsewhere as a tree.
  package func importTree(_ folder: String, mediaType: String) throws -> OutputRecord {
    try blobs.requireWritable()
    let scan = try tree(folder) { path, _ in try blobs.copyBlob(path, expecting: nil) }
    _ = try blobs.put(bytes: scan.manifest.bytes)
    try remember(scan)
    return scan.record(mediaType: mediaType)
  }

  /// Remembers the blobs of a tree as they were committed, so that the next check need not read each
  /// one's row.
  private func remember(_ scan: TreeScan) throws {
    var placed = try TreeIdentities()
    for entry in scan.manifest.entries { placed.add(scan.identities[entry.path]) }
    if let files = try placed.finish() { blobs.index.remember(tree: scan.digest, files: files) }
  }

  /// The tree that a folder outside of the store is; nothing is copied, and files that did not
  /// change since the last scan are not read.
  package func scanTree(_ folder: String) throws -> TreeScan {
    try tree(folder) { path, status in try blobs.memo.digest(of: path, status: status) }
  }

  private func tree(
    _ folder: String,
    _ digest: @escaping @Sendable (_ path: String, _ status: FileStatus) throws -> FileDigest
  ) throws -> TreeScan {
    let walk = try FolderWalk(folder)
    let files = walk.files
    let digests = try Parallel.map(files.count) { index in
      try digest(folder + "/" + files[index].path, files[index].status)
    }
    var entries: [TreeEntry] = []
    entries.reserveCapacity(files.count)
    var names: [String: String] = [:]
    var identities: [String: FileIdentity] = [:]
    identities.reserveCapacity(files.count)
    for (file, found) in zip(files, digests) {
      let entry = TreeEntry(
        path: file.path, digest: found.digest, size: found.size,
        isExecutable: file.status.isExecutable)
      entries.append(entry)
      identities[entry.path] = found.identity
      names[entry.path] = file.path
    }
    let manifest = try TreeManifest(
      entries, emptyFolders: walk.emptyFolders, links: walk.links, describing: folder)
    let bytes = manifest.bytes
    return TreeScan(
      manifest: manifest, digest: try Digest.of(bytes), size: Int64(bytes.count),
      identities: identities, names: names, folders: walk.folders)
  }
}
