// How files become blobs: hashed, made read-only, and given the name of their digest, each read once.
// It knows nothing of trees.
import CSystem
import Content
import FileIndex
import FileTools
import StoreFolder

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Takes files of one folder into a content store; safe to use from any thread.
///
/// For the files of a whole folder both folders are opened once: looking a path up from the root takes
/// the system longer than what is then done with a small file.
struct BlobIntake: Sendable {
  let blobs: ContentStore
  /// What the names of files are relative to.
  let source: FolderHandle
  /// `cas/sha256`; nil where paths are used.
  private let shards: FolderHandle?

  /// For single files, by their paths.
  init(_ blobs: ContentStore) {
    self.blobs = blobs
    source = .anywhere
    shards = nil
  }

  /// For the files of a folder, by their names below it.
  init(_ blobs: ContentStore, from source: FolderHandle) throws {
    self.blobs = blobs
    self.source = source
    try Disk.makeFolders(blobs.layout.algorithm)
    shards = try FolderHandle(blobs.layout.algorithm)
  }

  private var temporary: TemporaryFiles { blobs.temporary }

  // MARK: A file that is given up

  /// Takes a file of this file system's scratch; its identity is the one that the memo holds, if it
  /// does.
  ///
  /// A file with other hard links is copied, since those could still write, and so is one of another
  /// file system. Throws `StoreError.wrongDigest` where its bytes are others than expected.
  func adopt(
    _ name: String, _ status: FileStatus, expecting digest: Digest? = nil
  ) throws -> FileDigest {
    guard status.kind == .file else {
      throw FileError.unsuitable(
        path: source.path(of: name), found: status.name, expected: "a file")
    }
    if status.links > 1 { return try copy(name, expecting: digest, following: false) }
    let file = try OpenFile(name, in: source, following: false)
    let frozen = try freeze(file)
    if let digest, digest != frozen.digest {
      throw StoreError.wrongDigest(path: file.path, expected: digest, found: frozen.digest)
    }
    do {
      return try commit(frozen, file).blob
    } catch FileError.otherFileSystem {
      return try copy(name, expecting: frozen.digest, following: false)
    }
  }

  /// Makes the file read-only with the frozen mtime, then hashes it.
  private func freeze(_ file: OpenFile) throws -> FileDigest {
    try file.seal()
    let before = try file.identity()
    let (digest, size) = try FileHasher.hash(
      descriptor: file.descriptor, path: file.path, size: before.size)
    guard try file.identity() == before, size == before.size else {
      throw FileError.changing(path: file.path)
    }
    return FileDigest(digest: digest, size: size, identity: before)
  }

  // MARK: A file that stays

  /// Copies a file: by reflink where the file system can, and hashes the copy; else its bytes are
  /// hashed while they are copied, so that each is read once.
  ///
  /// Throws `StoreError.wrongDigest` where they are others than expected; then nothing is left.
  func copy(
    _ name: String, expecting digest: Digest?, following: Bool
  ) throws -> FileDigest {
    let original = try OpenFile(name, in: source, following: following)
    let before = try original.status()
    guard before.kind == .file else {
      throw FileError.unsuitable(path: original.path, found: before.name, expected: "a file")
    }
    let path = try temporary.next()
    do {
      let copy = try OpenFile(making: path)
      let frozen = try fill(copy, from: original, before.identity)
      if let digest, digest != frozen.digest {
        throw StoreError.wrongDigest(path: original.path, expected: digest, found: frozen.digest)
      }
      let (blob, isNew) = try commit(frozen, copy)
      // Where the blob was there, the copy is of no use and may be large.
      if !isNew { try Disk.remove(path) }
      return blob
    } catch {
      try? Disk.remove(path)
      throw error
    }
  }

  private func fill(
    _ copy: OpenFile, from original: OpenFile, _ before: FileIdentity
  ) throws -> FileDigest {
    if clone(original, to: copy) {
      guard try original.identity() == before else {
        throw FileError.changing(path: original.path)
      }
      return try freeze(copy)
    }
    let (digest, size) = try FileHasher.hash(
      descriptor: original.descriptor, path: original.path, size: before.size,
      copy: .init(descriptor: copy.descriptor, path: copy.path))
    guard try original.identity() == before, size == before.size else {
      throw FileError.changing(path: original.path)
    }
    try copy.seal()
    let identity = try copy.identity()
    guard identity.size == size else { throw FileError.changing(path: copy.path) }
    return FileDigest(digest: digest, size: size, identity: identity)
  }

  /// False where the two have no reflinks, and then nothing was written.
  private func clone(_ original: OpenFile, to copy: OpenFile) -> Bool {
    guard blobs.reflinks.mayWork else { return false }
    if cs_clone_into(original.descriptor, copy.descriptor) == 0 { return true }
    blobs.reflinks.noteFailure()
    return false
  }

  // MARK: The name

  /// Gives a frozen file its blob's name, unless a sound blob is there already: then it is not new.
  ///
  /// What this cannot see is a write between hashing and renaming by a process that puts the mtime
  /// back itself.
  private func commit(
    _ frozen: FileDigest, _ file: OpenFile
  ) throws -> (blob: FileDigest, isNew: Bool) {
    let target = Target(frozen.digest, shards, blobs.layout)
    var replaces = false
    var hasShard = false
    while !target.take(file, replaces: replaces) {
      let failure = Disk.failure("rename to \(target.path) the file", file.path)
      switch cs_errno() {
      case ENOENT where !hasShard:
        hasShard = true
        try target.makeShard()
      case EEXIST, EINVAL, ENOSYS:
        // EINVAL: a file system that cannot say whether the name is free. Then it is looked at first.
        let there = try blobs.inspect(frozen.digest, size: frozen.size)
        if there.health == .good { return (frozen.with(there.vouched), false) }
        replaces = true
      case EXDEV: throw FileError.otherFileSystem(path: file.path, target: target.path)
      default: throw failure
      }
    }
    let now = try file.status()
    let was = frozen.identity
    // Another process placed the same bytes in this moment, or the file was touched.
    guard now.links == 1, now.identity.isLinked(was) else {
      return (frozen, true)
    }
    blobs.index.remember(
      MemoRow(identity: now.identity, digest: frozen.digest, path: ""), afterSync: true)
    return (frozen.with(now.identity), true)
  }

  /// Where a blob goes.
  private struct Target {
    let folder: FolderHandle
    let name: String
    private let shard: String

    var path: String { folder.path(of: name) }

    init(_ digest: Digest, _ shards: FolderHandle?, _ layout: StoreLayout) {
      folder = shards ?? .anywhere
      let hex = digest.hex
      let parent = shards == nil ? layout.algorithm + "/" : ""
      shard = parent + hex.prefix(2)
      name = shard + "/" + hex
    }

    /// Renames a file to this; false and errno on failure.
    func take(_ file: OpenFile, replaces: Bool) -> Bool {
      cs_rename_at(
        file.folder.descriptor, file.name, folder.descriptor, name, replaces ? 1 : 0) == 0
    }

    /// Makes the folder of the blob; another thread may be quicker.
    func makeShard() throws(FileError) { try folder.makeFolders(shard) }
  }
}

/// A file that is open, with the name by which it can be renamed.
///
/// It closes itself.
final class OpenFile {
  let descriptor: Int32
  let name: String
  let folder: FolderHandle

  init(descriptor: Int32, name: String, folder: FolderHandle) {
    self.descriptor = descriptor
    self.name = name
    self.folder = folder
  }

  /// Opens a file to read.
  convenience init(
    _ name: String, in folder: FolderHandle, following: Bool
  ) throws(FileError) {
    let descriptor = cs_open_read_at(folder.descriptor, name, following ? 1 : 0)
    guard descriptor >= 0 else { throw Disk.failure("open", folder.path(of: name)) }
    self.init(descriptor: descriptor, name: name, folder: folder)
  }

  /// Makes a file at an absolute path, to write and read.
  convenience init(making path: String) throws(FileError) {
    let descriptor = cs_create_at(FolderHandle.anywhere.descriptor, path, 0o600)
    guard descriptor >= 0 else { throw Disk.failure("make", path) }
    self.init(descriptor: descriptor, name: path, folder: .anywhere)
  }

  deinit { cs_close(descriptor) }

  var path: String { folder.path(of: name) }

  func status() throws(FileError) -> FileStatus {
    try FileStatus(descriptor: descriptor, path: path)
  }

  func identity() throws(FileError) -> FileIdentity { try status().identity }

  /// Makes the file read-only with the mtime of blobs.
  func seal() throws(FileError) {
    guard cs_seal(descriptor, 0o444, ContentStore.frozenMtime) == 0 else {
      throw Disk.failure("make read-only", path)
    }
  }
}
