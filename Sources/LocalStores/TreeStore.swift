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
    return try examineFiles(of: record).health
  }

  /// The same, with the identities of a sound tree's files in the order of its manifest; none where
  /// not all are remembered.
  func examine(
    _ record: OutputRecord
  ) throws -> (health: BlobHealth, sound: [FileIdentity]) {
    let own = try blobs.health(of: record.digest, size: record.size)
    guard own == .good, record.kind == .tree else { return (own, []) }
    if let sound = blobs.index.files(ofTree: record.digest),
      let found = try fileIdentities(in: record), try TreeIdentities.digest(found) == sound
    {
      return (.good, found)
    }
    return try examineFiles(of: record)
  }

  private func examineFiles(
    of record: OutputRecord
  ) throws -> (health: BlobHealth, sound: [FileIdentity]) {
    let entries: [TreeEntry]
    do {
      entries = try manifest(of: record).entries
    } catch StoreError.missing(let digest, _) {
      return (.missing([digest]), [])
    } catch TreeError.invalidManifest {
      // Sound bytes, but not of a tree: the record is wrong.
      return (.missing([record.digest]), [])
    }
    let found = try Parallel.map(
      entries.count,
      chunk: Parallel.chunk(files: entries.count, bytes: entries.saturatedSum(\.size))
    ) { try blobs.inspect(entries[$0].digest, size: entries[$0].size) }
    var missing: [Digest] = []
    var quarantined: [Digest] = []
    for blob in found {
      switch blob.health {
      case .good: continue
      case .missing(let digests): missing += digests
      case .quarantined(let digests): quarantined += digests
      }
    }
    if !quarantined.isEmpty { return (.quarantined(quarantined), []) }
    if !missing.isEmpty { return (.missing(missing), []) }
    guard let files = try TreeIdentities.digest(found.lazy.map(\.vouched)) else {
      return (.good, [])
    }
    blobs.index.remember(tree: record.digest, files: files)
    return (.good, found.compactMap(\.vouched))
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

  /// Takes a folder of this file system's scratch as a tree: its files become blobs, as `adopt` does,
  /// several at a time.
  ///
  /// Nothing is moved when the folder is no valid tree (`TreeError.invalidTree`).
  package func adoptTree(_ folder: String, mediaType: String) throws -> OutputRecord {
    try take(folder, mediaType) { intake, file in try intake.adopt(file.path, file.status) }
  }

  /// Copies a folder from elsewhere as a tree.
  package func importTree(_ folder: String, mediaType: String) throws -> OutputRecord {
    try take(folder, mediaType) { intake, file in
      try intake.copy(file.path, expecting: nil, following: false)
    }
  }

  private func take(
    _ folder: String, _ mediaType: String,
    _ blob: @escaping @Sendable (BlobIntake, FolderWalk.File) throws -> FileDigest
  ) throws -> OutputRecord {
    try blobs.requireWritable()
    let handle = try FolderHandle(folder)
    let intake = try BlobIntake(blobs, from: handle)
    let scan = try tree(handle) { file in
      let found = try blob(intake, file)
      try blobs.flushRows()
      return found
    }
    _ = try blobs.put(bytes: scan.manifest.bytes)
    try remember(scan)
    return scan.record(mediaType: mediaType)
  }

  /// Remembers the blobs of a tree as they were committed, so that the next check need not read each
  /// one's row.
  private func remember(_ scan: TreeScan) throws {
    if let files = try TreeIdentities.digest(scan.files.map(\.identity)) {
      blobs.index.remember(tree: scan.digest, files: files)
    }
  }

  /// The tree that a folder outside of the store is; nothing is copied, and files that did not
  /// change since the last scan are not read.
  package func scanTree(_ folder: String) throws -> TreeScan {
    try tree(try FolderHandle(folder)) { file in
      try blobs.memo.digest(of: folder + "/" + file.path, status: file.status)
    }
  }

  private func tree(
    _ handle: FolderHandle,
    _ digest: @escaping @Sendable (FolderWalk.File) throws -> FileDigest
  ) throws -> TreeScan {
    let walk = try FolderWalk(handle)
    let files = walk.files
    let size = files.saturatedSum(\.status.identity.size)
    FileProgress.current?.begin(files: files.count, bytes: size)
    let found = try Parallel.map(
      files.count, chunk: Parallel.chunk(files: files.count, bytes: size)
    ) { index in
      let found = try digest(files[index])
      FileProgress.current?.add(files: 1)
      return found
    }
    let entries = zip(files, found).map { file, found in
      TreeEntry(
        path: file.path, digest: found.digest, size: found.size,
        isExecutable: file.status.isExecutable)
    }
    // The walk goes folder by folder, the manifest by whole paths.
    let order = entries.indices.sorted { TreePath.precedes(entries[$0].path, entries[$1].path) }
    let manifest = try TreeManifest(
      order.map { entries[$0] }, emptyFolders: walk.emptyFolders, links: walk.links,
      describing: handle.path)
    let bytes = manifest.bytes
    return TreeScan(
      manifest: manifest, digest: try Digest.of(bytes), size: Int64(bytes.count),
      files: order.map { .init(name: files[$0].path, identity: found[$0].identity) },
      folders: walk.folders)
  }
}
