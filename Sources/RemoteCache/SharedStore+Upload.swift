// What this machine made goes up: blobs first, the result last. Notes outlive the process.
import Content
import FileTools
import LocalStores

extension SharedStore {
  /// Notes that a result is to be uploaded; call it before the result becomes visible here, so that
  /// no kill in between loses the upload.
  public func willAdd(_ key: ActionKey) throws {
    if mode == .readWrite { try notes.add(.pending, key.digest.hex) }
  }

  /// Uploads a result of the local store in the background.
  public func add(_ key: ActionKey) {
    if mode == .readWrite { uploads.add(.result(key)) { [self] in upload($0) } }
  }

  /// Uploads a run record of the local store in the background.
  public func add(record id: RunID) {
    guard mode == .readWrite else { return }
    try? notes.add(.records, id.description)
    uploads.add(.record(id)) { [self] in upload($0) }
  }

  /// Whether earlier runs left something to upload to any shared store; no request.
  public static func hasPending(root: String) -> Bool {
    let folder = StoreLayout(root: root).base + "/remote"
    return ((try? Disk.names(in: folder)) ?? []).contains { id in
      [RemoteNotes.Kind.pending, .records].contains { kind in
        (try? Disk.names(in: "\(folder)/\(id)/\(kind.rawValue)"))?.isEmpty == false
      }
    }
  }

  /// Uploads what earlier runs could not.
  public func resume() throws {
    guard mode == .readWrite else { return }
    for name in try notes.names(.pending) {
      if let digest = Digest(name) { add(ActionKey(digest)) }
    }
    for name in try notes.names(.records) {
      if let id = RunID(name) { uploads.add(.record(id)) { [self] in upload($0) } }
    }
  }

  /// Waits for the uploads; how many remain for the next run.
  public func drain(isCancelled: () -> Bool) throws -> Int {
    guard mode == .readWrite else { return 0 }
    let waiting = uploads.drain(isCancelled: isCancelled)
    let left = try notes.names(.pending).count + notes.names(.records).count
    return max(waiting, left)
  }

  private func upload(_ job: UploadQueue.Job) {
    do {
      switch job {
      case .result(let key):
        // Others wait for the result, not for its lease: it is theirs to see before the lease ends.
        defer { endLease(key) }
        try upload(key)
      case .record(let id): try upload(id)
      }
    } catch StoreError.missing {
      // Gone here, so there is nothing to send; whoever needs it makes it.
      drop(job)
    } catch {
      sayUnlessOutOfReach("an upload failed, the next run tries again", error)
    }
  }

  private func drop(_ job: UploadQueue.Job) {
    switch job {
    case .result(let key): notes.remove(.pending, key.digest.hex)
    case .record(let id): notes.remove(.records, id.description)
    }
  }

  private func upload(_ id: RunID) throws {
    if let record = try local.runs.read(id) {
      try ask { try remote.add(record: record.canonicalBytes(), id: id) }
    }
    notes.remove(.records, id.description)
  }

  private func upload(_ key: ActionKey) throws {
    if let result = try local.actions.lookup(key) {
      let abilities = try findAbilities()
      let blobs = try self.blobs(of: result, asking: false)
      _ = try Parallel.map(blobs.count, width: 2, chunk: 1) { try self.upload(blobs[$0]) }
      switch try ask({ try remote.add(result, abilities: abilities) }) {
      case .added, .same: break
      case .differs(let theirs):
        if try isWhole(theirs) {
          try yield(result, to: theirs)
        } else {
          try ask { try remote.replace(result, abilities: abilities) }
        }
      }
    }
    notes.remove(.pending, key.digest.hex)
  }

  private func upload(_ blob: BlobReference) throws {
    if try !isThere(blob) { try send(blob) }
  }

  /// Uploads a blob that is not there.
  func send(_ blob: BlobReference) throws {
    guard case .good = try local.objects.health(of: blob.digest, size: blob.size) else {
      throw StoreError.missing(digest: blob.digest, store: local.layout.root)
    }
    try ask { try remote.put(blob, file: local.layout.blob(blob.digest)) }
    let wasDamaged = state.withLock { state in
      state.present.insert(blob.digest)
      return state.damaged.remove(blob.digest) != nil
    }
    if wasDamaged { notes.remove(.damaged, blob.digest.hex) }
  }

  /// The result that was there first wins; ours is put aside.
  private func yield(_ ours: ActionResult, to theirs: ActionResult) throws {
    try notes.add(.conflicts, ours.key.digest.hex + ".json", try ours.fileBytes())
    try notes.add(.held, theirs.key.digest.hex)
    try local.actions.store(theirs)
    state.withLock { $0.conflicts.append(ResultConflict(ours: ours, theirs: theirs)) }
  }

  /// What the endpoint can do: probed once for a local store, and said once.
  func findAbilities() throws -> RemoteAbilities {
    try abilities.withLock { abilities in
      let found = try abilities ?? notes.abilities ?? probe()
      abilities = found
      return found
    }
  }

  private func probe() throws -> RemoteAbilities {
    let found = try ask { try remote.probe() }
    try notes.remember(found)
    var lost: [String] = []
    if !found.createsOnlyOnce {
      lost.append(
        "it writes without conditions, so of two runs that make one result at the same moment the "
          + "later one wins unnoticed")
    }
    if !found.ranges { lost.append("it gives no parts of objects, so large ones come down slower") }
    if !lost.isEmpty { say("\(remote.name): " + lost.joined(separator: "; ")) }
    return found
  }
}
