// What this machine made goes up: blobs first, the result last. Notes outlive the process.
import Content
import FileTools
import LocalStores
import StoreFolder
import Synchronization

/// Uploads results and run records in the background; safe to use from any thread.
final class UploadJournal: Sendable {
  private let tier: Tier
  private let leases: LeaseKeeper
  private let uploads: UploadQueue
  private let found = Mutex<[ResultConflict]>([])
  /// Results of which it is not known yet whether they count: their uploads have not ended.
  private let undecided = Monitor<Set<ActionKey>>([])

  init(_ tier: Tier, leases: LeaseKeeper) {
    self.tier = tier
    self.leases = leases
    // A result is sent by several requests, one after another; what waits for them is a run's end.
    uploads = UploadQueue(width: max(4, tier.remote.requestsAtOnce / Self.requestsOfOne))
  }

  /// Blobs of one result that are sent at a time.
  private static let requestsOfOne = 4

  /// Results that turned out to be other than those that were there.
  var conflicts: [ResultConflict] { found.withLock { $0 } }

  /// Notes that a result is to be uploaded; call it before the result becomes visible here, so that
  /// no kill in between loses the upload.
  func willAdd(_ key: ActionKey) throws {
    try tier.notes.add(.pending, key.digest.hex)
    undecided.withLock { _ = $0.insert(key) }
  }

  /// Uploads a result of the local store in the background.
  func add(_ key: ActionKey) {
    undecided.withLock { _ = $0.insert(key) }
    uploads.add(.result(key)) { [self] in upload($0) }
  }

  /// Ends the wait for a result that was announced and will not come.
  func abandon(_ key: ActionKey) { undecided.withLock { _ = $0.remove(key) } }

  /// Waits until the uploads of some results have ended, well or not; whether one of them, given by its
  /// outputs, lost against another machine's.
  func waitForDecision(
    on results: [ActionKey: [String: OutputRecord]], isCancelled: () -> Bool
  ) -> Bool {
    let keys = Set(results.keys)
    undecided.wait { [uploads] undecided, wait -> Void? in
      wait = 100
      return undecided.isDisjoint(with: keys) || isCancelled() || uploads.isStuck ? () : nil
    }
    return conflicts.contains { results[$0.ours.key] == $0.ours.outputs }
  }

  /// Uploads a run record of the local store in the background.
  func add(record id: RunID) {
    try? tier.notes.add(.records, id.description)
    uploads.add(.record(id)) { [self] in upload($0) }
  }

  /// Uploads what earlier runs could not.
  func resume() throws {
    for name in try tier.notes.names(.pending) {
      if let digest = Digest(name) { add(ActionKey(digest)) }
    }
    for name in try tier.notes.names(.records) {
      if let id = RunID(name) { uploads.add(.record(id)) { [self] in upload($0) } }
    }
  }

  /// Waits for the uploads; how many remain for the next run.
  func drain(isCancelled: () -> Bool) throws -> Int {
    let waiting = uploads.drain(isCancelled: isCancelled)
    let left = try tier.notes.names(.pending).count + tier.notes.names(.records).count
    return max(waiting, left)
  }

  private func upload(_ job: UploadQueue.Job) {
    do {
      switch job {
      case .result(let key):
        // Others wait for the result, not for its lease: it is theirs to see before the lease ends.
        defer {
          leases.end(key)
          abandon(key)
        }
        try upload(key)
      case .record(let id): try upload(id)
      }
    } catch StoreError.missing {
      // Gone here, so there is nothing to send; whoever needs it makes it.
      drop(job)
    } catch {
      tier.outage.sayUnlessOutOfReach("an upload failed, the next run tries again", error)
    }
  }

  private func drop(_ job: UploadQueue.Job) {
    switch job {
    case .result(let key): tier.notes.remove(.pending, key.digest.hex)
    case .record(let id): tier.notes.remove(.records, id.description)
    }
  }

  private func upload(_ id: RunID) throws {
    if let record = try tier.local.runs.read(id) {
      try tier.outage.ask(.writing) {
        try tier.remote.add(record: record.canonicalBytes(), id: id)
      }
    }
    tier.notes.remove(.records, id.description)
  }

  private func upload(_ key: ActionKey) throws {
    if let result = try tier.local.actions.lookup(key) {
      try tier.outage.checkWriting()
      let abilities = try tier.abilities.find()
      let blobs = try tier.blobs.blobs(of: result, asking: false)
      let tier = self.tier
      _ = try Parallel.map(blobs.count, width: Self.requestsOfOne, chunk: 1) { index in
        if try !tier.blobs.isThere(blobs[index]) { try tier.blobs.send(blobs[index]) }
      }
      switch try tier.outage.ask(.writing, { try tier.remote.add(result, abilities: abilities) }) {
      case .added, .same: break
      case .differs(let theirs):
        if try tier.blobs.isWhole(theirs) {
          try yield(result, to: theirs)
        } else {
          try tier.outage.ask(.writing) {
            try tier.remote.replace(result, abilities: abilities)
          }
        }
      }
    }
    tier.notes.remove(.pending, key.digest.hex)
  }

  /// The result that was there first wins; ours is kept beside, as a note.
  private func yield(_ ours: ActionResult, to theirs: ActionResult) throws {
    try tier.notes.add(.conflicts, ours.key.digest.hex + ".json", try ours.fileBytes())
    try tier.notes.add(.held, theirs.key.digest.hex)
    try tier.local.actions.store(theirs)
    found.withLock { $0.append(ResultConflict(ours: ours, theirs: theirs)) }
  }
}
