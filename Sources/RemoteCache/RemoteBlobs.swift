// Which blobs a shared store has and may be trusted with, and what a result needs of them.
import Content
import FileTools
import LocalStores
import StoreFolder
import Synchronization
import Trees

/// Knows which blobs are there, and which of them came down wrong; safe to use from any thread.
final class RemoteBlobs: Sendable {
  private struct State {
    var damaged: Set<Digest> = []
    /// Blobs that could not be had, for whatever reason: in this process they count as not there.
    var lost: Set<Digest> = []

    func isUseless(_ digest: Digest) -> Bool { damaged.contains(digest) || lost.contains(digest) }
    /// Blobs that are known to be there.
    var present: Set<Digest> = []
  }

  /// Requests at a time.
  let width: Int

  private let transport: any BlobTransport
  private let local: LocalStore
  private let notes: RemoteNotes
  private let outage: OutagePolicy
  private let state: Mutex<State>

  init(
    _ transport: any BlobTransport & RemoteEndpoint, local: LocalStore, notes: RemoteNotes,
    outage: OutagePolicy
  ) throws {
    self.transport = transport
    width = transport.requestsAtOnce
    self.local = local
    self.notes = notes
    self.outage = outage
    state = Mutex(State(damaged: Set(try notes.names(.damaged).compactMap { Digest($0) })))
  }

  // MARK: One blob

  /// Whether the shared store has a blob that may be used.
  func isThere(_ blob: SizedDigest) throws -> Bool {
    let known = state.withLock { state -> Bool? in
      if state.isUseless(blob.digest) { return false }
      return state.present.contains(blob.digest) ? true : nil
    }
    if let known { return known }
    guard try size(of: blob.digest) == blob.size else { return false }
    state.withLock { _ = $0.present.insert(blob.digest) }
    return true
  }

  /// The size of a blob there, one request; nil where there is none.
  func size(of digest: Digest) throws -> Int64? {
    try outage.ask { try transport.size(of: digest) }
  }

  /// Copies a blob into a new file.
  func get(_ blob: SizedDigest, file path: String) throws {
    try outage.ask { try transport.get(blob, file: path) }
  }

  /// Uploads a blob that is not there.
  func send(_ blob: SizedDigest) throws {
    guard case .good = try local.objects.health(of: blob.digest, size: blob.size) else {
      throw StoreError.missing(digest: blob.digest, store: local.layout.root)
    }
    try outage.ask(.writing) {
      try transport.put(blob, file: local.layout.blob(blob.digest))
    }
    let wasDamaged = state.withLock { state in
      state.present.insert(blob.digest)
      state.lost.remove(blob.digest)
      return state.damaged.remove(blob.digest) != nil
    }
    if wasDamaged { notes.remove(.damaged, blob.digest.hex) }
  }

  /// Whether a blob that seems to be there is not to be counted on.
  func isDamaged(_ digest: Digest) -> Bool { state.withLock { $0.isUseless(digest) } }

  /// Notes that a blob could not be had just now: who makes it makes it again.
  func noteLoss(_ digest: Digest) {
    state.withLock { state in
      state.lost.insert(digest)
      state.present.remove(digest)
    }
  }

  /// Notes that a blob came down wrong, or is gone though it was seen: until it is sent anew, no
  /// result that names it counts as being there.
  func noteDamage(_ digest: Digest) {
    state.withLock { state in
      state.damaged.insert(digest)
      state.present.remove(digest)
    }
    try? notes.add(.damaged, digest.hex)
  }

  // MARK: The blobs of a result

  /// Whether one of a result's blobs came down wrong before.
  func hasDamage(_ result: ActionResult) throws -> Bool {
    if state.withLock({ $0.damaged.isEmpty && $0.lost.isEmpty }) { return false }
    return try blobs(of: result, asking: false).contains { isDamaged($0.digest) }
  }

  /// Whether every blob is here or there.
  func isWhole(_ result: ActionResult) throws -> Bool {
    let blobs: [SizedDigest]
    do {
      blobs = try self.blobs(of: result, asking: true)
    } catch let failure as RemoteFailure
      where failure.kind == .missing || failure.kind == .damaged
    {
      return false
    }
    let absent = try blobs.filter {
      try local.objects.health(of: $0.digest, size: $0.size) != .good
    }
    // Sound bytes of another size than the result says: no blob can be both.
    guard try absent.allSatisfy({ try !local.objects.contains($0.digest) }) else { return false }
    return try Parallel.map(absent.count, width: width, chunk: 1) { index in
      try self.isThere(absent[index])
    }.allSatisfy(\.self)
  }

  /// Uploads what is not there of an artifact's blobs, the manifest of a tree last.
  func sendAll(of record: OutputRecord) throws {
    // A tree whose list of files is there and not here came from there.
    if record.kind == .tree, try local.objects.contains(record.digest) || !isThere(record.blob) {
      let entries = try local.trees.manifest(of: record).entries
      _ = try Parallel.map(entries.count, width: width, chunk: 1) { index in
        if try !self.isThere(entries[index].blob) { try self.send(entries[index].blob) }
      }
    }
    if try !isThere(record.blob) { try send(record.blob) }
  }

  /// All blobs of a result, each once, manifests before the files they name.
  ///
  /// A manifest that is not here is fetched when `asking`, else its tree counts as one blob.
  func blobs(of result: ActionResult, asking: Bool) throws -> [SizedDigest] {
    var seen: Set<Digest> = []
    var blobs: [SizedDigest] = []
    for record in result.outputs.sorted(by: { $0.key < $1.key }).map(\.value) {
      if seen.insert(record.digest).inserted { blobs.append(record.blob) }
      guard record.kind == .tree, let manifest = try manifest(of: record, asking: asking) else {
        continue
      }
      blobs += manifest.entries.filter { seen.insert($0.digest).inserted }.map(\.blob)
    }
    return blobs
  }

  /// All bytes of a small blob that is there; one that is not, or is another one, is noted.
  private func bytes(of blob: SizedDigest) throws -> [UInt8] {
    let answer = Result { try outage.ask { try transport.bytes(of: blob) } }
    if case .failure(let failure as RemoteFailure) = answer,
      failure.kind == .damaged || failure.kind == .missing
    {
      noteDamage(blob.digest)
    }
    return try answer.get()
  }

  private func manifest(of record: OutputRecord, asking: Bool) throws -> TreeManifest? {
    if try local.objects.contains(record.digest) {
      return try local.trees.manifest(of: record)
    }
    guard asking else { return nil }
    let bytes = try bytes(of: record.blob)
    if !local.isReadOnly { _ = try local.objects.put(bytes: bytes) }
    do {
      return try TreeManifest(parsing: bytes, digest: record.digest)
    } catch TreeError.invalidManifest(_, let reason) {
      // Sound bytes, but not of a tree: the record is wrong.
      throw RemoteFailure(.missing, "\(record.digest) is no tree: \(reason)")
    }
  }
}
