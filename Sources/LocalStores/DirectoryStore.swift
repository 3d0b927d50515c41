// The content store in a folder: how bytes get in and out. Trees, health and linking lie beside.
import CSystem
import Content
import FileIndex
import FileTools

/// Blobs as files `cas/sha256/ab/<hex>`, mode 0444, never written to again.
///
/// A blob appears by rename, whole, in one step; it is durable after the next flush of the file
/// system (`CommitQueue`). Safe to use from any thread and any number of processes.
public struct DirectoryStore: Sendable {
  public let layout: StoreLayout
  public let memo: StatMemo
  package let temporary: TemporaryFiles
  package let isReadOnly: Bool

  package var index: StoreIndex { memo.index }

  /// The mtime of every blob, 2000-01-01: nothing writes with that time, so that any write after
  /// sealing shows in the mtime, whatever the clock's ticks; times are no part of an artifact.
  static let sealedTime: Int64 = 946_684_800_000_000_000

  // MARK: In

  /// Takes a file of this file system's scratch as a blob: hashed, sealed and renamed.
  ///
  /// The caller gives it up: nobody writes to it any more, and its path is gone or worthless
  /// afterwards. A file with other hard links is copied instead, since those could still write.
  public func adopt(file path: String, mediaType: String) throws -> OutputRecord {
    guard let status = try FileStatus(path, followingLinks: false) else {
      throw FileError.unsuitable(path: path, found: "absent", expected: "a file")
    }
    let blob = try adoptBlob(path, status)
    return OutputRecord(digest: blob.digest, size: blob.size, mediaType: mediaType, kind: .file)
  }

  /// Copies a file from elsewhere, by reflink where the file system can, and hashes the copy.
  public func importCopy(of path: String, mediaType: String) throws -> OutputRecord {
    let blob = try copyBlob(path, expecting: nil)
    return OutputRecord(digest: blob.digest, size: blob.size, mediaType: mediaType, kind: .file)
  }

  /// Stores a few bytes from memory.
  public func put(bytes: [UInt8]) throws -> Digest {
    try requireWritable()
    let digest = try Digest.of(bytes)
    let size = Int64(bytes.count)
    if case .good = try health(of: digest, size: size) { return digest }
    let path = try temporary.next()
    try Disk.write(bytes, to: path)
    // Sealing hashes the file: what a full disk or a bad cable made of the bytes shows here.
    let sealed = try seal(path)
    guard sealed.digest == digest else {
      throw StoreError.wrongDigest(path: path, expected: digest, found: sealed.digest)
    }
    _ = try place(sealed, from: path)
    return digest
  }

  /// The blob's identity is the one that the memo holds for it, if it does.
  package func adoptBlob(_ path: String, _ status: FileStatus) throws -> FileDigest {
    try requireWritable()
    guard status.kind == .file else {
      throw FileError.unsuitable(path: path, found: status.name, expected: "a file")
    }
    if status.links > 1 { return try copyBlob(path, expecting: nil) }
    let sealed = try seal(path)
    do {
      return try place(sealed, from: path)
    } catch FileError.otherFileSystem {
      return try copyBlob(path, expecting: sealed.digest)
    }
  }

  func copyBlob(_ path: String, expecting digest: Digest?) throws -> FileDigest {
    try requireWritable()
    let before = try FileIdentity(ofFile: path)
    let copy = try temporary.next()
    try Disk.copy(path, to: copy, mode: 0o600)
    guard try FileIdentity(ofFile: path) == before else {
      try Disk.remove(copy)
      throw FileError.changing(path: path)
    }
    let sealed = try seal(copy)
    if let digest, digest != sealed.digest {
      try Disk.remove(copy)
      throw StoreError.wrongDigest(path: path, expected: digest, found: sealed.digest)
    }
    return try place(sealed, from: copy)
  }

  /// Makes the file read-only with the sealed time, then hashes it.
  private func seal(_ path: String) throws -> FileDigest {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { throw Disk.failure("open", path) }
    defer { cs_close(descriptor) }
    guard cs_seal(descriptor, 0o444, Self.sealedTime) == 0 else {
      throw Disk.failure("make read-only", path)
    }
    let before = try FileStatus(descriptor: descriptor, path: path).identity
    let (digest, size) = try FileHasher.hash(descriptor: descriptor, path: path, size: before.size)
    let after = try FileStatus(descriptor: descriptor, path: path).identity
    guard after == before, size == before.size else { throw FileError.changing(path: path) }
    return FileDigest(digest: digest, size: size, identity: before)
  }

  /// Renames a sealed file to its blob's path, unless a sound blob is there already.
  ///
  /// The rename is a change of our own that moves the ctime, so that the new identity is remembered
  /// as long as the mtime is still the sealed one. What this cannot see is a write between hashing
  /// and renaming by a process that puts the mtime back itself.
  private func place(_ sealed: FileDigest, from path: String) throws -> FileDigest {
    let there = try look(at: sealed.digest, size: sealed.size)
    if there.health == .good { return sealed.with(there.vouched) }
    let target = layout.blob(sealed.digest)
    try Disk.move(path, to: target)
    let now = try FileStatus(target, followingLinks: false)?.identity
    let was = sealed.identity
    // Not ours: another process placed the same bytes in this moment, or the file was touched.
    guard let now, now.inode == was.inode, now.size == was.size, now.mtime == was.mtime else {
      return sealed
    }
    index.remember(MemoRow(identity: now, digest: sealed.digest, path: ""), afterSync: true)
    return sealed.with(now)
  }

  func requireWritable() throws(StoreError) {
    if isReadOnly { throw .readOnly(path: layout.root) }
  }
}

extension DirectoryStore: ObjectStore {
  public func contains(_ digest: Digest) throws -> Bool {
    if case .good = try health(of: digest, size: nil) { true } else { false }
  }

  public func put(file path: String, digest: Digest, size: Int64) throws {
    if case .good = try health(of: digest, size: size) { return }
    _ = try copyBlob(path, expecting: digest)
  }

  public func read(_ digest: Digest, into sink: (UnsafeRawBufferPointer) throws -> Void) throws {
    let path = layout.blob(digest)
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else {
      guard Disk.lastErrorMeansAbsent else { throw Disk.failure("open", path) }
      throw StoreError.missing(digest: digest, store: layout.root)
    }
    defer { cs_close(descriptor) }
    let size = try FileStatus(descriptor: descriptor, path: path).identity.size
    let (found, _) = try FileHasher.hash(
      descriptor: descriptor, path: path, size: size, sink: sink)
    guard found == digest else {
      throw StoreError.wrongDigest(path: path, expected: digest, found: found)
    }
  }
}
