// Whether blobs are what their names say, for the price of a stat. It makes and links nothing.
import Content
import FileIndex
import FileTools

/// What a look at an output's blobs gave.
public enum BlobHealth: Hashable, Sendable {
  case good
  /// These are not there, or have another size than the record says.
  case missing([Digest])
  /// These had wrong bytes and were moved to `.atelier/quarantine` (left alone when read-only).
  case quarantined([Digest])
}

extension DirectoryStore {
  /// Looks at all blobs of an output, for a tree at its manifest and each file.
  ///
  /// One stat and one memo row for a blob that is as it was when it was verified; one that
  /// differs is hashed again, and moved to the quarantine when its bytes are wrong.
  public func check(_ record: OutputRecord) throws -> BlobHealth {
    let own = try health(of: record.digest, size: record.size)
    guard own == .good, record.kind == .tree else { return own }
    if let sound = index.files(ofTree: record.digest),
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
      let look = try look(at: entry.digest, size: entry.size)
      sound.add(look.vouched)
      switch look.health {
      case .good: continue
      case .missing(let digests): missing += digests
      case .quarantined(let digests): quarantined += digests
      }
    }
    if !quarantined.isEmpty { return .quarantined(quarantined) }
    if !missing.isEmpty { return .missing(missing) }
    if let files = try sound.finish() { index.remember(tree: record.digest, files: files) }
    return .good
  }

  /// The manifest of a tree; its bytes are verified.
  public func manifest(of record: OutputRecord) throws -> TreeManifest {
    try TreeManifest(parsing: bytes(of: record.digest), digest: record.digest)
  }

  /// Looks at one blob.
  package func health(of digest: Digest, size: Int64?) throws -> BlobHealth {
    try look(at: digest, size: size).health
  }

  /// Looks at one blob; `vouched` is its identity if the memo knows it to be sound.
  package func look(
    at digest: Digest, size: Int64?
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

  /// Moves a wrong blob away, unless it was replaced since it was looked at.
  package func quarantine(_ digest: Digest, _ identity: FileIdentity) throws -> BlobHealth {
    if isReadOnly { return .quarantined([digest]) }
    let path = layout.blob(digest)
    guard try FileStatus(path, followingLinks: false)?.identity == identity else {
      return .missing([digest])
    }
    try putAside(path, as: digest.hex)
    return .quarantined([digest])
  }

  /// Moves a file of the store to the quarantine, under a name with a number.
  package func putAside(_ path: String, as name: String) throws {
    var number = 0
    while try FileStatus("\(layout.quarantine)/\(name).\(number)", followingLinks: false) != nil {
      number += 1
    }
    try Disk.move(path, to: "\(layout.quarantine)/\(name).\(number)")
  }
}
