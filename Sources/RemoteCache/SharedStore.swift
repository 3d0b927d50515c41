// A local store with a shared one behind it: what to ask, what to remember, when to stop asking.
// Uploading and fetching lie beside.
import Content
import FileTools
import LocalStores
import Synchronization

/// The two tiers of a store that many machines share.
///
/// What is here is never asked for. The first sign that the shared store is out of reach is said
/// once, and nothing more is asked of it in this process: the run goes on with what is here. Safe to
/// use from any thread.
public final class SharedStore: Sendable {
  /// What this process may do there.
  public enum Mode: Sendable { case readWrite, readOnly }

  package struct State {
    var failure: RemoteFailure?
    var damaged: Set<Digest> = []
    /// Blobs that are known to be there.
    var present: Set<Digest> = []
    var conflicts: [ResultConflict] = []
    var talk: @Sendable (String) -> Void = { _ in }
    /// Opened when a read-only program needs bytes.
    var writable: LocalStore?
  }

  /// Requests at a time.
  package static let width = 8

  public let remote: any RemoteStore
  public let mode: Mode
  /// Whether an outage ends the run.
  public let isRequired: Bool
  package let local: LocalStore
  package let notes: RemoteNotes
  package let state: Mutex<State>
  let fetching = Monitor<Set<Digest>>([])
  /// nil: not known yet; held by whoever finds out.
  let abilities = Mutex<RemoteAbilities?>(nil)
  let leases = Monitor(HeldLeases())
  let leaseTimes: LeaseTimes
  /// Names the local store to other machines.
  let holder: String
  let uploads = UploadQueue(width: 4)

  /// Sends nothing yet; `host` names the machine and its user to others.
  public init(
    local: LocalStore, remote: any RemoteStore, mode: Mode, host: String, isRequired: Bool = false,
    leaseTimes: LeaseTimes = LeaseTimes()
  ) throws {
    self.local = local
    self.remote = remote
    self.mode = mode
    self.isRequired = isRequired
    self.leaseTimes = leaseTimes
    holder = try host + " " + Digest.of(local.layout.root).hex.prefix(12)
    notes = try RemoteNotes(local, identity: remote.identity)
    state = Mutex(State(damaged: Set(try notes.names(.damaged).compactMap { Digest($0) })))
  }

  /// Where warnings go from now on.
  public func setTalk(_ talk: @escaping @Sendable (String) -> Void) {
    state.withLock { $0.talk = talk }
  }

  func say(_ text: String) {
    let talk = state.withLock { $0.talk }
    talk(text)
  }

  /// The failure that must end the run, if there was one.
  public var fatalFailure: RemoteFailure? {
    guard let failure = state.withLock({ $0.failure }) else { return nil }
    return isRequired || failure.kind == .unusable ? failure : nil
  }

  /// Results that turned out to be other than those that were there.
  public var conflicts: [ResultConflict] { state.withLock { $0.conflicts } }

  // MARK: Records of other machines

  /// The names of run records that are newer than a moment, newest first; none during an outage.
  public func records(since moment: Timestamp) -> [RunID] {
    (try? ask { try remote.records(since: moment) }) ?? []
  }

  /// A run record, or nil.
  public func record(_ id: RunID) -> JSONValue? {
    (try? ask { try remote.record(id) }).flatMap { try? JSONValue(parsing: $0) }
  }

  /// The key document of an action that some machine ran, whatever became of its blobs.
  public func keyDocument(_ key: ActionKey) -> JSONValue? {
    let result = try? ask { try remote.lookup(key) }
    return (result ?? nil).flatMap { try? JSONValue(parsing: $0.document) }
  }

  deinit { try? state.withLock { $0.writable }?.close() }

  // MARK: Asking

  /// Asks the shared store, unless it is out of reach already.
  func ask<Answer>(_ body: () throws -> Answer) throws -> Answer {
    if let failure = state.withLock({ $0.failure }) { throw failure }
    do {
      return try body()
    } catch let failure as RemoteFailure {
      if failure.kind == .unreachable || failure.kind == .unusable { giveUp(failure) }
      throw failure
    }
  }

  private func giveUp(_ failure: RemoteFailure) {
    let isFirst = state.withLock { state in
      defer { state.failure = state.failure ?? failure }
      return state.failure == nil
    }
    guard isFirst, fatalFailure == nil else { return }
    say("\(remote.name) is out of reach, the run goes on without it: \(failure)")
  }

  /// The result of an action that is not here, if the shared store has it with all its blobs.
  ///
  /// It is kept here, its blobs are not fetched. One request for a miss.
  public func lookup(_ key: ActionKey) -> ActionResult? {
    do {
      guard let result = try ask({ try remote.lookup(key) }), try isWhole(result) else {
        return nil
      }
      try keep(result)
      return result
    } catch {
      sayUnlessOutOfReach("cannot look up \(key.digest.hex.prefix(12))", error)
      return nil
    }
  }

  /// Whether the shared store has the blobs of a result that is here without them.
  ///
  /// No request where that was seen before.
  public func holds(_ result: ActionResult) -> Bool {
    do {
      let isDamaged = try state.withLock { $0.damaged }.isEmpty ? false : hasDamage(result)
      if isDamaged { return false }
      if notes.has(.held, result.key.digest.hex) { return true }
      guard try isWhole(result) else { return false }
      try notes.add(.held, result.key.digest.hex)
      return true
    } catch {
      sayUnlessOutOfReach("cannot look for blobs", error)
      return false
    }
  }

  /// Forgets that the shared store has the blobs of a result: one of them could not be had.
  public func forget(_ key: ActionKey) { notes.remove(.held, key.digest.hex) }

  func sayUnlessOutOfReach(_ what: String, _ error: any Error) {
    if case let failure as RemoteFailure = error {
      switch failure.kind {
      case .unreachable, .unusable, .cancelled: return
      default: break
      }
    }
    say("\(remote.name): \(what): \(error)")
  }

  private func keep(_ result: ActionResult) throws {
    guard !local.isReadOnly else { return }
    try notes.add(.held, result.key.digest.hex)
    try local.actions.store(result)
  }

  private func hasDamage(_ result: ActionResult) throws -> Bool {
    let damaged = state.withLock { $0.damaged }
    return try blobs(of: result, asking: false).contains { damaged.contains($0.digest) }
  }

  /// Whether every blob is here or there.
  package func isWhole(_ result: ActionResult) throws -> Bool {
    let blobs: [BlobReference]
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
    return try Parallel.map(absent.count, width: Self.width, chunk: 1) { index in
      try self.isThere(absent[index])
    }.allSatisfy(\.self)
  }

  /// Whether the shared store has a blob that may be used.
  func isThere(_ blob: BlobReference) throws -> Bool {
    let known = state.withLock { state -> Bool? in
      if state.damaged.contains(blob.digest) { return false }
      return state.present.contains(blob.digest) ? true : nil
    }
    if let known { return known }
    guard try ask({ try remote.contains(blob) }) else { return false }
    state.withLock { _ = $0.present.insert(blob.digest) }
    return true
  }

  /// All blobs of a result, each once, manifests before the files they name.
  ///
  /// A manifest that is not here is fetched when `asking`, else its tree counts as one blob.
  package func blobs(of result: ActionResult, asking: Bool) throws -> [BlobReference] {
    var seen: Set<Digest> = []
    var blobs: [BlobReference] = []
    for record in result.outputs.sorted(by: { $0.key < $1.key }).map(\.value) {
      let own = BlobReference(digest: record.digest, size: record.size)
      if seen.insert(own.digest).inserted { blobs.append(own) }
      guard record.kind == .tree, let manifest = try manifest(of: record, asking: asking) else {
        continue
      }
      for entry in manifest.entries where seen.insert(entry.digest).inserted {
        blobs.append(BlobReference(digest: entry.digest, size: entry.size))
      }
    }
    return blobs
  }

  private func manifest(of record: OutputRecord, asking: Bool) throws -> TreeManifest? {
    if try local.objects.contains(record.digest) {
      return try local.objects.manifest(of: record)
    }
    guard asking else { return nil }
    let blob = BlobReference(digest: record.digest, size: record.size)
    let bytes: [UInt8]
    do {
      bytes = try ask { try remote.bytes(of: blob) }
    } catch let failure as RemoteFailure where failure.kind == .damaged {
      noteDamage(record.digest)
      throw failure
    }
    if !local.isReadOnly { _ = try local.objects.put(bytes: bytes) }
    do {
      return try TreeManifest(parsing: bytes, digest: record.digest)
    } catch TreeError.invalidManifest(_, let reason) {
      // Sound bytes, but not of a tree: the record is wrong.
      throw RemoteFailure(.missing, "\(record.digest) is no tree: \(reason)")
    }
  }

  func noteDamage(_ digest: Digest) {
    state.withLock { state in
      state.damaged.insert(digest)
      state.present.remove(digest)
    }
    try? notes.add(.damaged, digest.hex)
  }
}

/// Two results of one action that differ: the action is not reproducible.
public struct ResultConflict: Hashable, Sendable {
  /// This machine's, which was put aside.
  public let ours: ActionResult
  /// The one that was there first, which counts.
  public let theirs: ActionResult

  public init(ours: ActionResult, theirs: ActionResult) {
    self.ours = ours
    self.theirs = theirs
  }
}
