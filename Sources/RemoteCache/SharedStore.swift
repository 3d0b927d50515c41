// A local store with a shared one behind it: what to ask, and what to remember of the answers.
import Content
import FileTools
import LocalStores

/// The two tiers of a store that many machines share.
///
/// What is here is never asked for. During an outage the run goes on with what is here. Safe to use
/// from any thread.
package final class SharedStore: Sendable {
  /// What this process may do there.
  package enum Mode: Sendable { case readWrite, readOnly }

  package let mode: Mode
  private let tier: Tier
  private let leases: LeaseKeeper
  private let journal: UploadJournal

  package var remote: any RemoteStore { tier.remote }
  package var local: LocalStore { tier.local }
  private var outage: OutagePolicy { tier.outage }

  /// Sends nothing yet; `host` names the machine and its user to others, and `work` says what becomes
  /// known of the work on a key.
  ///
  /// With `isRequired` an outage ends the run.
  package init(
    local: LocalStore, remote: any RemoteStore, mode: Mode, host: String, isRequired: Bool = false,
    leaseTimes: LeaseTimes = LeaseTimes(),
    work: @escaping @Sendable (ActionKey) -> LeasedWork? = { _ in nil }
  ) throws {
    self.mode = mode
    let notes = try RemoteNotes(local, identity: remote.identity)
    let outage = OutagePolicy(name: remote.name, isRequired: isRequired)
    let abilities = EndpointAbilities(remote, notes: notes, outage: outage)
    let blobs = try RemoteBlobs(remote, local: local, notes: notes, outage: outage)
    tier = Tier(
      local: local, remote: remote, notes: notes, outage: outage, abilities: abilities,
      blobs: blobs, fetcher: BlobFetcher(local: local, blobs: blobs, outage: outage))
    leases = LeaseKeeper(
      remote, abilities: abilities, outage: outage, times: leaseTimes,
      holder: try host + " " + Digest.of(local.layout.root).hex.prefix(12), work: work)
    journal = UploadJournal(tier, leases: leases)
  }

  /// Where warnings go from now on.
  package func setTalk(_ talk: @escaping @Sendable (String) -> Void) { outage.setTalk(talk) }

  /// Whether an outage ends the run.
  package var isRequired: Bool { outage.isRequired }

  /// The failure that must end the run, if there was one.
  package var fatalFailure: RemoteFailure? { outage.fatalFailure }

  /// Finds out by one request whether the store answers, where an outage ends the run.
  ///
  /// A run of hits would not ask otherwise.
  package func checkIfRequired() {
    guard isRequired, let key = try? Digest.of("atelier") else { return }
    _ = lookup(ActionKey(key))
  }

  // MARK: Records of other machines

  /// The names of run records that are newer than a moment, newest first; none during an outage.
  package func records(since moment: Timestamp) -> [RunID] {
    (try? outage.ask { try remote.records(since: moment) }) ?? []
  }

  /// A run record, or nil.
  package func record(_ id: RunID) -> JSONValue? {
    (try? outage.ask { try remote.record(id) }).flatMap { try? JSONValue(parsing: $0) }
  }

  /// The key document of an action that some machine ran, whatever became of its blobs.
  package func keyDocument(_ key: ActionKey) -> JSONValue? {
    let result = try? outage.ask { try remote.lookup(key) }
    return (result ?? nil).flatMap { try? JSONValue(parsing: $0.document) }
  }

  // MARK: Results

  /// The result of an action that is not here, if the shared store has it with all its blobs.
  ///
  /// It is kept here, its blobs are not fetched. One request for a miss.
  package func lookup(_ key: ActionKey) -> ActionResult? {
    do {
      guard let result = try outage.ask(.reading, { try remote.lookup(key) }),
        try tier.blobs.isWhole(result)
      else { return nil }
      try keep(result)
      return result
    } catch {
      outage.sayUnlessOutOfReach("a result was not found", error)
      return nil
    }
  }

  private func keep(_ result: ActionResult) throws {
    guard !local.isReadOnly else { return }
    try tier.notes.add(.held, result.key.digest.hex)
    try local.actions.store(result)
  }

  /// Whether the shared store has all blobs of a result that is here without them.
  ///
  /// No request where that was seen before.
  package func hasAllBlobs(of result: ActionResult) -> Bool {
    do {
      if try tier.blobs.hasDamage(result) { return false }
      if tier.notes.has(.held, result.key.digest.hex) { return true }
      guard try tier.blobs.isWhole(result) else { return false }
      try tier.notes.add(.held, result.key.digest.hex)
      return true
    } catch {
      outage.sayUnlessOutOfReach("cannot look for blobs", error)
      return false
    }
  }

  /// Forgets that the shared store has the blobs of a result: one of them could not be had.
  package func forget(_ key: ActionKey) { tier.notes.remove(.held, key.digest.hex) }

  /// Makes sure that all blobs of an output are here and sound.
  ///
  /// Unless `isWhole`, a tree's manifest will do. Throws `RemoteFailure` for one that cannot be had.
  package func fetch(_ record: OutputRecord, isWhole: Bool = true) throws {
    try tier.fetcher.fetch(record, isWhole: isWhole)
  }

  /// Makes sure that a blob of unknown size is here.
  package func fetch(_ digest: Digest) throws { try tier.fetcher.fetch(digest) }

  // MARK: Leases

  /// Takes the lease of a key that is to be built, or waits while another machine builds it.
  ///
  /// Returns that machine's result, or nil when this one is to build it. `waiting` is called once
  /// if there is a wait.
  package func claim(
    _ key: ActionKey, isCancelled: () -> Bool, waiting: () -> Void
  ) throws -> ActionResult? {
    guard mode == .readWrite else { return nil }
    return try leases.claim(key, lookup: lookup, isCancelled: isCancelled, waiting: waiting)
  }

  /// Ends a lease; one that is not held is fine.
  package func endLease(_ key: ActionKey) { leases.end(key) }

  /// Ends all leases that are held: this run works on nothing more, however it ended.
  package func endLeases() { leases.endAll() }

  // MARK: Uploads

  /// Results that turned out to be other than those that were there.
  package var conflicts: [ResultConflict] { journal.conflicts }

  /// Notes that a result is to be uploaded; call it before the result becomes visible here, so that
  /// no kill in between loses the upload.
  package func willAdd(_ key: ActionKey) throws {
    if mode == .readWrite { try journal.willAdd(key) }
  }

  /// Ends the wait for a result that was announced by `willAdd` and will not come.
  package func abandon(_ key: ActionKey) { journal.abandon(key) }

  /// Waits until it is decided whether some results, given by their outputs, count; whether one of them
  /// lost against another machine's.
  package func hasLost(
    anyOf results: [ActionKey: [String: OutputRecord]], isCancelled: () -> Bool
  ) -> Bool {
    mode == .readWrite && journal.waitForDecision(on: results, isCancelled: isCancelled)
  }

  /// Uploads the blobs of an artifact of the local store that are not there, now.
  ///
  /// Throws `RemoteFailure`, and `StoreError` where one is not here either.
  package func send(_ record: OutputRecord) throws { try tier.blobs.sendAll(of: record) }

  /// Keeps a result that another machine wrote to the shared store with all its blobs.
  package func adopt(_ result: ActionResult) throws { try keep(result) }

  /// Uploads a result of the local store in the background.
  package func add(_ key: ActionKey) { if mode == .readWrite { journal.add(key) } }

  /// Whether a result still waits to be uploaded, by this process or another one of this local store.
  package func isWaiting(_ key: ActionKey) -> Bool { tier.notes.has(.pending, key.digest.hex) }

  /// Uploads a run record of the local store in the background.
  package func add(record id: RunID) { if mode == .readWrite { journal.add(record: id) } }

  /// Uploads what earlier runs could not.
  package func resume() throws { if mode == .readWrite { try journal.resume() } }

  /// Waits for the uploads; how many remain for the next run.
  package func drain(isCancelled: () -> Bool) throws -> Int {
    mode == .readWrite ? try journal.drain(isCancelled: isCancelled) : 0
  }

  /// Whether earlier runs left something to upload to any shared store; no request.
  package static func hasPending(root: String) -> Bool { RemoteNotes.hasPending(root: root) }

  // MARK: Transfers of many

  /// Sends results with their blobs, blobs first, and run records, as far as they are not there.
  ///
  /// Throws `RemoteFailure`.
  package func push(_ keys: [ActionKey], records: [RunID]) throws -> PushReport {
    var push = Push(tier)
    return try push.run(keys, records: records)
  }

  /// Reads every blob of some results there, and uploads again those whose bytes are not theirs.
  ///
  /// - Returns: how many were uploaded.
  package func repair(_ keys: [ActionKey]) throws -> Int {
    var count = 0
    for result in try keys.compactMap({ try local.actions.lookup($0) }) {
      for blob in try tier.blobs.blobs(of: result, asking: false) where try !isWhole(blob) {
        try tier.blobs.send(blob)
        count += 1
      }
    }
    return count
  }

  private func isWhole(_ blob: SizedDigest) throws -> Bool {
    let path = try local.temporary.next()
    do {
      try tier.blobs.get(blob, file: path)
    } catch {
      guard let failure = error as? RemoteFailure,
        failure.kind == .damaged || failure.kind == .missing
      else { throw error }
      return false
    }
    try Disk.remove(path)
    return true
  }

  /// All results that are there; those that are not whole are left out.
  package func results() throws -> [ActionResult] {
    try Pull(tier).results { [self] in try local.actions.lookup($0) ?? lookup($0) }
  }

  /// Fetches every blob of some results that is not here, and makes sure that all stay.
  ///
  /// Throws `RemoteFailure` for an outage.
  package func pull(_ results: [ActionResult]) throws -> PullReport {
    let report = try Pull(tier).run(results)
    for key in report.lost { forget(key) }
    return report
  }

  /// Fetches the newest run records that `isWanted` and that are not here; how many.
  ///
  /// Reads no more than ten times `most`.
  package func pullRecords(most: Int, isWanted: (RunID, JSONValue) -> Bool) throws -> Int {
    try Pull(tier).records(most: most, isWanted: isWanted)
  }
}
