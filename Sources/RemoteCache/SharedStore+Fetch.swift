// Bytes from the shared store into the local one, when something needs them.
import Content
import FileTools
import LocalStores

extension SharedStore {
  /// Makes sure that all blobs of an output are here and sound.
  ///
  /// Unless `isWhole`, a tree's manifest will do. Throws `RemoteFailure` for one that cannot be had.
  public func bring(_ record: OutputRecord, isWhole: Bool = true) throws {
    guard try local.objects.check(record) != .good else { return }
    try fetch([BlobReference(digest: record.digest, size: record.size)])
    guard record.kind == .tree, isWhole else { return }
    let entries = try local.objects.manifest(of: record).entries
    try fetch(entries.map { BlobReference(digest: $0.digest, size: $0.size) })
  }

  /// Makes sure that a blob of unknown size is here.
  public func bring(_ digest: Digest) throws {
    guard try !local.objects.contains(digest) else { return }
    try fetch([BlobReference(digest: digest, size: -1)])
  }

  /// Fetches those that are not here, some at a time.
  private func fetch(_ blobs: [BlobReference]) throws {
    var seen: Set<Digest> = []
    let absent = try blobs.filter {
      try seen.insert($0.digest).inserted && !local.objects.contains($0.digest)
    }
    guard !absent.isEmpty else { return }
    let store = try writable()
    _ = try Parallel.map(absent.count, width: Self.width, chunk: 1) { index in
      try self.fetch(absent[index], into: store)
    }
  }

  /// Fetches one blob; a second thread that wants it waits.
  package func fetch(_ blob: BlobReference, into store: LocalStore) throws {
    fetching.wait { fetching, _ -> Void? in
      fetching.insert(blob.digest).inserted ? () : nil
    }
    defer { fetching.withLock { _ = $0.remove(blob.digest) } }
    if try store.objects.contains(blob.digest) { return }
    do {
      try download(blob, into: store)
    } catch let failure as RemoteFailure where failure.kind == .damaged {
      // The way here may be at fault: once more.
      do {
        try download(blob, into: store)
      } catch let failure as RemoteFailure where failure.kind == .damaged {
        noteDamage(blob.digest)
        say("\(remote.name) has wrong bytes, they are not used: \(failure)")
        throw failure
      }
    } catch let failure as RemoteFailure where failure.kind == .missing {
      state.withLock { _ = $0.present.remove(blob.digest) }
      throw failure
    }
  }

  private func download(_ blob: BlobReference, into store: LocalStore) throws {
    try store.objects.adopt(blob) { path in try ask { try remote.get(blob, file: path) } }
  }

  /// The store that bytes go to; a program that only looks opens it again for writing.
  package func writable() throws -> LocalStore {
    guard local.isReadOnly else { return local }
    return try state.withLock { state in
      let store = try state.writable ?? LocalStore.open(root: local.layout.root, readOnly: false)
      state.writable = store
      return store
    }
  }
}

extension DirectoryStore {
  /// Takes the file that `fetch` makes at a path as the blob; it is hashed here once more.
  package func adopt(_ blob: BlobReference, from fetch: (String) throws -> Void) throws {
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
}
