// The content store in a folder: how bytes get in and out. Trees and health lie beside.
import CSystem
import Content
import FileIndex
import FileTools
import StoreFolder

/// Blobs as files `cas/sha256/ab/<hex>`, mode 0444, never written to again.
///
/// A blob appears by rename, whole, in one step; it is durable after the next flush of the file
/// system (`CommitQueue`). Safe to use from any thread and any number of processes.
package struct ContentStore: Sendable {
  package let layout: StoreLayout
  package let memo: StatMemo
  package let temporary: TemporaryFiles
  package let isReadOnly: Bool
  let reflinks = Reflinks()
  package let links = BlobLinks()

  package var index: StoreIndex { memo.index }

  /// The mtime of every blob, 2000-01-01: nothing writes with that time, so that any write after
  /// freezing shows in the mtime, whatever the clock's ticks; times are no part of an artifact.
  package static let frozenMtime: Int64 = 946_684_800_000_000_000

  // MARK: In

  /// Takes a file of this file system's scratch as a blob: hashed, frozen and renamed.
  ///
  /// The caller gives it up: nobody writes to it any more, and its path is gone or worthless
  /// afterwards. A file with other hard links is copied instead, since those could still write.
  package func adopt(file path: String, mediaType: String) throws -> OutputRecord {
    guard let status = try FileStatus(path, followingLinks: false) else {
      throw FileError.unsuitable(path: path, found: "absent", expected: "a file")
    }
    let blob = try adoptBlob(path, status)
    return OutputRecord(digest: blob.digest, size: blob.size, mediaType: mediaType, kind: .file)
  }

  /// Copies a file from elsewhere, by reflink where the file system can, and hashes the copy.
  package func importCopy(of path: String, mediaType: String) throws -> OutputRecord {
    let blob = try copyBlob(path, expecting: nil)
    return OutputRecord(digest: blob.digest, size: blob.size, mediaType: mediaType, kind: .file)
  }

  /// Stores a few bytes from memory.
  package func put(bytes: [UInt8]) throws -> Digest {
    try requireWritable()
    let digest = try Digest.of(bytes)
    let size = Int64(bytes.count)
    if case .good = try health(of: digest, size: size) { return digest }
    let path = try temporary.next()
    try Disk.write(bytes, to: path)
    // Freezing hashes the file: what a full disk or a bad cable made of the bytes shows here.
    let frozen = try freeze(path)
    guard frozen.digest == digest else {
      throw StoreError.wrongDigest(path: path, expected: digest, found: frozen.digest)
    }
    _ = try commitBlob(frozen, from: path)
    return digest
  }

  /// The blob's identity is the one that the memo holds for it, if it does.
  package func adoptBlob(_ path: String, _ status: FileStatus) throws -> FileDigest {
    try requireWritable()
    guard status.kind == .file else {
      throw FileError.unsuitable(path: path, found: status.name, expected: "a file")
    }
    if status.links > 1 { return try copyBlob(path, expecting: nil) }
    let frozen = try freeze(path)
    do {
      return try commitBlob(frozen, from: path)
    } catch FileError.otherFileSystem {
      return try copyBlob(path, expecting: frozen.digest)
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
    let frozen = try freeze(copy)
    if let digest, digest != frozen.digest {
      try Disk.remove(copy)
      throw StoreError.wrongDigest(path: path, expected: digest, found: frozen.digest)
    }
    let blob = try commitBlob(frozen, from: copy)
    // Where the blob was there, the copy is of no use and may be large.
    try Disk.remove(copy)
    return blob
  }

  /// Makes the file read-only with the frozen mtime, then hashes it.
  private func freeze(_ path: String) throws -> FileDigest {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { throw Disk.failure("open", path) }
    defer { cs_close(descriptor) }
    guard cs_seal(descriptor, 0o444, Self.frozenMtime) == 0 else {
      throw Disk.failure("make read-only", path)
    }
    let before = try FileStatus(descriptor: descriptor, path: path).identity
    let (digest, size) = try FileHasher.hash(descriptor: descriptor, path: path, size: before.size)
    let after = try FileStatus(descriptor: descriptor, path: path).identity
    guard after == before, size == before.size else { throw FileError.changing(path: path) }
    return FileDigest(digest: digest, size: size, identity: before)
  }

  /// Renames a frozen file to its blob's path, unless a sound blob is there already.
  ///
  /// What this cannot see is a write between hashing and renaming by a process that puts the mtime
  /// back itself.
  private func commitBlob(_ frozen: FileDigest, from path: String) throws -> FileDigest {
    let there = try inspect(frozen.digest, size: frozen.size)
    if there.health == .good { return frozen.with(there.vouched) }
    let target = layout.blob(frozen.digest)
    try Disk.move(path, to: target)
    let now = try FileStatus(target, followingLinks: false)?.identity
    let was = frozen.identity
    // Not ours: another process placed the same bytes in this moment, or the file was touched.
    guard let now, now.inode == was.inode, now.size == was.size, now.mtime == was.mtime else {
      return frozen
    }
    index.remember(MemoRow(identity: now, digest: frozen.digest, path: ""), afterSync: true)
    return frozen.with(now)
  }

  func requireWritable() throws(StoreError) {
    if isReadOnly { throw .readOnly(path: layout.root) }
  }

  /// Takes the file that `fetch` makes at a path as the blob; it is hashed here once more.
  package func adopt(_ blob: SizedDigest, from fetch: (String) throws -> Void) throws {
    let path = try temporary.next()
    try fetch(path)
    guard let status = try FileStatus(path, followingLinks: false) else {
      throw FileError.unsuitable(path: path, found: "absent", expected: "a file")
    }
    let found = try adoptBlob(path, status)
    guard found.digest == blob.digest else {
      throw StoreError.wrongDigest(path: path, expected: blob.digest, found: found.digest)
    }
  }

  // MARK: Out

  /// Whether the bytes are there and, as far as one can tell without reading them, sound.
  package func contains(_ digest: Digest) throws -> Bool {
    if case .good = try health(of: digest, size: nil) { true } else { false }
  }

  /// Copies a file's bytes in; throws `StoreError.wrongDigest` when they are others.
  package func put(file path: String, digest: Digest, size: Int64) throws {
    if case .good = try health(of: digest, size: size) { return }
    _ = try copyBlob(path, expecting: digest)
  }

  /// Gives the bytes to `sink` in blocks; throws `StoreError.missing` when there are none.
  ///
  /// Bytes given before a throw must be thrown away: a wrong digest is known only at the end.
  package func read(_ digest: Digest, into sink: (UnsafeRawBufferPointer) throws -> Void) throws {
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

  /// All bytes of something small, such as a manifest; throws `StoreError.tooLarge` for more.
  package func bytes(of digest: Digest, atMost limit: Int = .max) throws -> [UInt8] {
    var result: [UInt8] = []
    if limit < .max, let status = try FileStatus(layout.blob(digest), followingLinks: false),
      status.identity.size > limit
    {
      throw StoreError.tooLarge(digest: digest, size: status.identity.size, limit: limit)
    }
    try read(digest) { result += $0 }
    return result
  }

  /// Which of the digests are not there, in the order given, each once.
  package func missing(from digests: [Digest]) throws -> [Digest] {
    var seen: Set<Digest> = []
    return try digests.filter { try seen.insert($0).inserted && !contains($0) }
  }
}
