// Inputs laid out for a step: regular files and real folders that are the same in every store.
import CSystem
import Content
import FileTools
import Synchronization
import Trees

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Lays out inputs of one step, the files of a tree several at a time.
///
/// A file is a reflink of its blob where the file system has such, else a hard link, else a copy;
/// each name has an inode of its own, since archive programs write the second name of one inode as a
/// link. Files have the mode 0444, or 0555 when they may be executed, folders 0555, and all the mtime
/// of blobs.
package struct InputLayout: ~Copyable {
  private let trees: TreeStore
  private let mayLink: Bool
  /// The one link of each blob.
  package private(set) var linked: [Digest: String] = [:]

  /// A layout of hard links only where `mayLink`: who owns the folder could else change blobs.
  package init(_ trees: TreeStore, mayLink: Bool = true) {
    self.trees = trees
    self.mayLink = mayLink
  }

  /// Lays out an output at a path at which nothing is.
  ///
  /// Check the record first.
  package mutating func add(_ record: OutputRecord, at path: String) throws {
    _ = try add(record, at: path, sound: [])
  }

  /// The same; `sound` are identities of the blobs of a tree's entries that are known to be sound, in
  /// their order, or nothing.
  ///
  /// The answer holds the identities as they are now, nil for those that are not known.
  mutating func add(
    _ record: OutputRecord, at path: String, sound: [FileIdentity]
  ) throws -> [FileIdentity?] {
    let shards = try BlobFolder(trees.blobs)
    guard record.kind == .tree else {
      let file = NewFile(
        digest: record.digest, isExecutable: false, mayLink: mayLink(record.digest), sound: nil)
      let placed = try file.place(at: path, in: .anywhere, shards)
      if placed.isLink { linked[record.digest] = path }
      return []
    }
    let manifest = try trees.manifest(of: record)
    try manifest.validate(describing: record.digest.description)
    let folders = try Self.makeFolders(of: manifest, at: path)
    let placed = try placeAll(manifest, below: path, sound: sound, shards)
    try Self.seal(folders)
    return placed
  }

  // MARK: Files of the store

  private struct NewFile {
    let digest: Digest
    let isExecutable: Bool
    let mayLink: Bool
    /// The blob's identity, if that is known to be sound.
    let sound: FileIdentity?

    private var mode: UInt32 { isExecutable ? 0o555 : 0o444 }

    func place(
      at name: String, in folder: FolderHandle, _ shards: BlobFolder
    ) throws -> PlacedFile {
      let blobs = shards.blobs
      let path = folder.path(of: name)
      let blob = blobs.layout.blob(digest)
      if blobs.reflinks.mayWork {
        if cs_clone(blob, path, mode, ContentStore.frozenMtime) == 0 {
          return PlacedFile(isLink: false)
        }
        blobs.reflinks.failed()
      }
      if mayLink,
        let link = try blobs.links.link(digest, at: name, in: folder, sound: sound, shards)
      {
        // A step may have changed the mode of an earlier link.
        if link.status.mode == mode {
          return PlacedFile(isLink: true, identity: link.isVouched ? link.status.identity : nil)
        }
        try blobs.links.unlink(digest, at: path, blobs)
      }
      try InputLayout.copy(blob, to: path, mode)
      return PlacedFile(isLink: false)
    }
  }

  private struct PlacedFile {
    let isLink: Bool
    /// The blob's identity after a link, if it is known to be sound.
    var identity: FileIdentity?
  }

  private func mayLink(_ digest: Digest) -> Bool { mayLink && linked[digest] == nil }

  /// Places all files of a tree; the first of several names of a blob is its link.
  private mutating func placeAll(
    _ manifest: TreeManifest, below path: String, sound: [FileIdentity], _ shards: BlobFolder
  ) throws -> [FileIdentity?] {
    let entries = manifest.entries
    var first: [Digest: Int] = [:]
    first.reserveCapacity(entries.count)
    let files = entries.indices.map { index in
      let entry = entries[index]
      var mayLink = false
      if !entry.isExecutable, first[entry.digest] == nil, self.mayLink(entry.digest) {
        first[entry.digest] = index
        mayLink = true
      }
      return NewFile(
        digest: entry.digest, isExecutable: entry.isExecutable, mayLink: mayLink,
        sound: sound.count == entries.count ? sound[index] : nil)
    }
    let folder = try FolderHandle(path)
    // Who has no links copies bytes.
    let bytes = mayLink ? 0 : entries.saturatedSum(\.size)
    let chunk = Parallel.chunk(files: entries.count, bytes: bytes)
    let placed = try Parallel.map(entries.count, chunk: chunk) { index in
      try files[index].place(at: entries[index].path, in: folder, shards)
    }
    for (digest, index) in first where placed[index].isLink {
      linked[digest] = folder.path(of: entries[index].path)
    }
    return entries.indices.map { index in
      if placed[index].isLink { return placed[index].identity }
      // Another name of the blob may have moved it, in this layout or an earlier one.
      if let other = first[entries[index].digest], placed[other].isLink {
        return placed[other].identity
      }
      return linked[entries[index].digest] == nil ? files[index].sound : nil
    }
  }

  private static func copy(_ file: String, to path: String, _ mode: UInt32) throws {
    try Disk.copy(file, to: path, mode: 0o600)
    guard cs_seal_path(path, mode, ContentStore.frozenMtime) == 0 else {
      throw Disk.failure("make read-only", path)
    }
  }

  // MARK: Folders and sources

  /// Makes the folders of a tree, with its links in them; their paths, each before those within it.
  private static func makeFolders(of manifest: TreeManifest, at path: String) throws -> [String] {
    let folders = TreeFolder(manifest, at: path).folders.map { path + $0.suffix }
    for folder in folders { try Disk.makeFolder(folder) }
    for link in manifest.links { try make(link, below: path) }
    return folders
  }

  /// From the innermost: what is made in a folder moves its time.
  private static func seal(_ folders: [String]) throws {
    for folder in folders.reversed() { try seal(folder) }
  }

  /// Copies a source that is in no store.
  package mutating func add(sourceAt source: String, isTree: Bool, at path: String) throws {
    guard isTree else { return try Self.copy(source, to: path, 0o444) }
    let scan = try trees.scanTree(source)
    let folders = try Self.makeFolders(of: scan.manifest, at: path)
    for (entry, file) in zip(scan.manifest.entries, scan.files) {
      try Self.copy(
        "\(source)/\(file.name)", to: "\(path)/\(entry.path)", entry.isExecutable ? 0o555 : 0o444)
    }
    try Self.seal(folders)
  }

  private static func make(_ link: TreeLink, below folder: String) throws {
    let path = folder + "/" + link.path
    guard cs_link_sealed(link.target, path, ContentStore.frozenMtime) == 0 else {
      throw Disk.failure("make the symlink", path)
    }
  }

  /// Gives a folder that is filled its mode and time.
  package static func seal(_ folder: String) throws {
    guard cs_seal_path(folder, 0o555, ContentStore.frozenMtime) == 0 else {
      throw Disk.failure("make read-only", folder)
    }
  }
}

/// Whether a store's file system has reflinks: found out by the first file.
package final class Reflinks: Sendable {
  private let works = Atomic<Bool>(true)

  init() {}

  var mayWork: Bool { works.load(ordering: .relaxed) }
  func failed() { works.store(false, ordering: .relaxed) }

  /// After a call that failed: between two file systems it cannot work, which says nothing of this one.
  func noteFailure() { if cs_errno() != EXDEV { failed() } }
}
