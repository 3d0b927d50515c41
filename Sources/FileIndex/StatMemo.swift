// Digests of files by their identity, so that unchanged bytes are read once. It knows no store.
import CSystem
import Content
import FileTools

/// The digest of a file, and the identity that it was read under.
package struct FileDigest: Hashable, Sendable {
  package let digest: Digest
  /// Bytes.
  package let size: Int64
  /// Compare with `FileIdentity(ofFile:)` later to learn whether the file moved meanwhile.
  package let identity: FileIdentity

  package init(digest: Digest, size: Int64, identity: FileIdentity) {
    self.digest = digest
    self.size = size
    self.identity = identity
  }

  /// The same bytes under another identity, if there is one.
  package func with(_ identity: FileIdentity?) -> FileDigest {
    FileDigest(digest: digest, size: size, identity: identity ?? self.identity)
  }
}

/// Hashes files, once for each identity.
///
/// A digest is remembered only if mtime and ctime lie clearly before the moment at which reading
/// began: the clock of file times has ticks, and a change within the same tick would not show.
/// Safe to use from any thread.
package struct StatMemo: Sendable {
  package let index: StoreIndex

  package init(index: StoreIndex) {
    self.index = index
  }

  /// The digest and size of a file outside of the store, following symlinks.
  ///
  /// Throws `FileError.unsuitable` for what is no file, `.changing` for a file that is written to.
  package func digest(ofFile path: String) throws -> FileDigest {
    guard let status = try FileStatus(path, followingLinks: true) else {
      throw FileError.unsuitable(path: path, found: "absent", expected: "a file")
    }
    return try digest(of: path, status: status)
  }

  package func digest(of path: String, status: FileStatus) throws -> FileDigest {
    guard status.kind == .file else {
      throw FileError.unsuitable(path: path, found: status.name, expected: "a file")
    }
    let identity = status.identity
    // Who opens a file of a network sees what its server has now.
    guard FileGrain.timesProve(path, device: identity.device) else { return try hash(path) }
    if let digest = index.digest(of: identity) {
      return FileDigest(digest: digest, size: identity.size, identity: identity)
    }
    return try hash(path)
  }

  /// Whether the file with that identity is known to have that digest.
  package func vouches(for digest: Digest, of identity: FileIdentity) -> Bool {
    index.vouches(for: digest, of: identity)
  }

  /// Reads the file whatever is remembered, and remembers what may be.
  package func hash(_ path: String) throws -> FileDigest {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { throw Disk.failure("open", path) }
    defer { cs_close(descriptor) }
    let before = try FileStatus(descriptor: descriptor, path: path)
    guard before.kind == .file else {
      throw FileError.unsuitable(path: path, found: before.name, expected: "a file")
    }
    let identity = before.identity
    let clock = cs_file_clock()
    let (digest, size) = try FileHasher.hash(
      descriptor: descriptor, path: path, size: identity.size)
    let after = try FileStatus(descriptor: descriptor, path: path)
    guard after.identity == identity, size == identity.size
    else {
      throw FileError.changing(path: path)
    }
    if identity.isSettled(at: clock), FileGrain.timesProve(path, device: identity.device) {
      index.remember(MemoRow(identity: identity, digest: digest, path: path), afterSync: false)
    }
    return FileDigest(digest: digest, size: size, identity: identity)
  }

  /// Writes pending rows now; they are also written now and then, and when the store is closed.
  package func flush() { index.flush() }
}
