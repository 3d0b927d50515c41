// The content store in a folder: how bytes get in and out. Trees and health lie beside.
import CSystem
import Content
import FileIndex
import FileTools
import StoreFolder
import Synchronization

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
  private let rows = RowFlush()
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
    let blob = try adoptBlob(path)
    return OutputRecord(digest: blob.digest, size: blob.size, mediaType: mediaType, kind: .file)
  }

  /// Copies a file from elsewhere, by reflink where the file system can; each byte is read once.
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
    // The file is hashed: what a full disk or a bad cable made of the bytes shows here.
    return try adoptBlob(path, expecting: digest).digest
  }

  private func adoptBlob(_ path: String, expecting digest: Digest? = nil) throws -> FileDigest {
    try requireWritable()
    guard let status = try FileStatus(path, followingLinks: false) else {
      throw FileError.unsuitable(path: path, found: "absent", expected: "a file")
    }
    return try BlobIntake(self).adopt(path, status, expecting: digest)
  }

  private func copyBlob(_ path: String, expecting digest: Digest?) throws -> FileDigest {
    try requireWritable()
    return try BlobIntake(self).copy(path, expecting: digest, following: true)
  }

  /// Flushes the file system and writes the memo's rows where very many wait, so that memory does not
  /// grow with the number of files.
  func flushRows() throws {
    try rows.one {
      guard index.waitingForSync >= RowFlush.most else { return }
      let mark = index.willSync()
      try Disk.flushFileSystem(layout.base)
      index.didSync(mark)
      index.flush()
    }
  }

  func requireWritable() throws(StoreError) {
    if isReadOnly { throw .readOnly(path: layout.root) }
  }

  /// Takes the file that `fetch` makes at a path as the blob; it is hashed here once more.
  package func adopt(_ blob: SizedDigest, from fetch: (String) throws -> Void) throws {
    let path = try temporary.next()
    try fetch(path)
    _ = try adoptBlob(path, expecting: blob.digest)
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

/// Lets one thread at a time write rows, and the others go on.
final class RowFlush: Sendable {
  /// Rows that may wait in memory, about 200 bytes each.
  static let most = 65_536
  private let mutex = Mutex<Void>(())

  /// Does nothing while another thread does it.
  func one(_ body: () throws -> Void) rethrows {
    _ = try mutex.withLockIfAvailable { _ in try body() }
  }
}
