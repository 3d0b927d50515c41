// Whether blobs are what their names say, for the price of a stat. It makes and links nothing.
import Content
import FileIndex
import FileTools
import StoreFolder

/// The result of checking an output's blobs.
package enum BlobHealth: Hashable, Sendable {
  case good
  /// These are not there, or have another size than the record says.
  case missing([Digest])
  /// These had wrong bytes and were moved to `.atelier/quarantine` (left alone when read-only).
  case quarantined([Digest])
}

extension ContentStore {
  /// Checks one blob.
  package func health(of digest: Digest, size: Int64?) throws -> BlobHealth {
    try inspect(digest, size: size).health
  }

  /// Checks one blob; `vouched` is its identity if the memo knows it to be sound.
  package func inspect(
    _ digest: Digest, size: Int64?
  ) throws -> (health: BlobHealth, vouched: FileIdentity?) {
    let path = layout.blob(digest)
    guard let status = try FileStatus(path, followingLinks: false) else {
      return (.missing([digest]), nil)
    }
    var identity = status.identity
    guard status.kind == .file else { return (try quarantine(digest, identity), nil) }
    var isVouched = index.vouches(for: digest, of: identity)
    if !isVouched {
      guard let found = try rehash(path) else { return (.missing([digest]), nil) }
      guard found.digest == digest else { return (try quarantine(digest, found.identity), nil) }
      identity = found.identity
      isVouched = index.vouches(for: digest, of: identity)
    }
    let fits = size == nil || size == identity.size
    return (fits ? .good : .missing([digest]), isVouched ? identity : nil)
  }

  /// Whether a blob is there and known to be sound as it is; nothing is read.
  func isVouched(_ digest: Digest) throws -> Bool {
    guard let status = try FileStatus(layout.blob(digest), followingLinks: false) else {
      return false
    }
    return status.kind == .file && index.vouches(for: digest, of: status.identity)
  }

  /// Reads a blob; nil when it vanished.
  ///
  /// Another process may replace it by the same bytes meanwhile, which looks like a change, so that
  /// is tried again.
  package func rehash(_ path: String) throws -> FileDigest? {
    var attempts = 0
    while true {
      do {
        return try memo.hash(path)
      } catch {
        if try FileStatus(path, followingLinks: false) == nil { return nil }
        attempts += 1
        guard case FileError.changing = error, attempts < 5 else { throw error }
      }
    }
  }

  /// Moves a wrong blob away, unless it was replaced since it was checked.
  package func quarantine(_ digest: Digest, _ identity: FileIdentity) throws -> BlobHealth {
    if isReadOnly { return .quarantined([digest]) }
    let path = layout.blob(digest)
    guard try FileStatus(path, followingLinks: false)?.identity == identity else {
      return .missing([digest])
    }
    try Quarantine(layout).move(path, as: digest.hex)
    return .quarantined([digest])
  }
}
