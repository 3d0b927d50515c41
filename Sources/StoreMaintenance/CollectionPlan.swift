// Which results, blobs and run records may go: a pure function of what is there. It removes nothing.
import Content
import RemoteCache

/// How much is kept.
package struct CollectionLimits: Hashable, Sendable {
  /// Run records that are kept of each workshop, with all that they hold.
  package var keepRuns = 10
  /// Other results go when they were not used for so long: ms.
  package var maxAge: Int64 = 30 * 86_400_000
  /// Other results go, the least recently used first, until all blobs are that small: bytes.
  package var maxSize: Int64?
  /// What is younger stays whatever it is, since its writer may not be done: ms.
  package var grace: Int64 = 0
  package var now: Timestamp

  package init(now: Timestamp) { self.now = now }

  /// Whether something is so young that its writer may still be at work; also where nobody knows.
  func isYoung(_ written: Timestamp?) -> Bool {
    guard grace > 0 else { return false }
    guard let written else { return true }
    return written.milliseconds > now.milliseconds - grace
  }
}

/// What a collection would remove, and what it keeps.
package struct CollectionPlan: Sendable {
  package enum Reason: String, Sendable {
    /// A blob of it is gone: it is worth nothing.
    case incomplete
    case unused
    /// Others that were used later fill the size that is allowed.
    case size
  }

  package struct Removal: Sendable {
    package let key: ActionKey
    package let reason: Reason
    /// As far as results and run records tell.
    package let lastUse: Timestamp?
    /// Bytes of its blobs; others may need them, too.
    package let size: Int64
  }

  /// The least recently used first.
  package private(set) var results: [Removal] = []
  package private(set) var blobs: [SizedDigest] = []
  package private(set) var runs: [RunID] = []
  package private(set) var keptResults: Set<ActionKey> = []
  package private(set) var keptTrees: Set<Digest> = []
  package private(set) var keptBlobs = 0
  package private(set) var keptRuns: [RunID] = []

  /// Bytes of the blobs that go.
  package var removedBytes: Int64 { blobs.saturatedSum(\.size) }
  /// Bytes of the blobs that stay.
  package private(set) var keptBytes: Int64 = 0

  /// `tagged` are runs that stay; `pinned` results that stay although no run holds them, and
  /// `promised` those whose blobs lie elsewhere.
  package init(
    _ inventory: StoreInventory, _ limits: CollectionLimits, tagged: Set<RunID> = [],
    pinned: Set<ActionKey> = [], promised: Set<ActionKey> = []
  ) {
    let roots = keepRuns(inventory.runs, limits, tagged)
    var needs = BlobNeeds(inventory.blobs, limits, uncachedOutputs: roots.uncachedOutputs)
    let candidates = choose(
      inventory, limits, roots.keys.union(pinned), promised: promised, &needs)
    if let most = limits.maxSize { shrink(candidates, to: most, &needs) }
    results.sort { ($0.lastUse?.milliseconds ?? 0) < ($1.lastUse?.milliseconds ?? 0) }
    keptTrees = keptTrees.filter(needs.isNeeded)
    for (digest, blob) in inventory.blobs where !needs.stays(digest) {
      blobs.append(SizedDigest(digest: digest, size: blob.size))
    }
    blobs.sort { $0.digest < $1.digest }
    keptBlobs = inventory.blobs.count - blobs.count
    keptBytes = inventory.blobs.values.saturatedSum(\.size) - removedBytes
  }

  private typealias Candidate = (entry: StoreInventory.Entry, lastUse: Timestamp?)

  /// Sorts results into those that go and those that stay; the answer stays only for lack of
  /// another limit.
  private mutating func choose(
    _ inventory: StoreInventory, _ limits: CollectionLimits, _ roots: Set<ActionKey>,
    promised: Set<ActionKey>, _ needs: inout BlobNeeds
  ) -> [Candidate] {
    let lastUse = Self.lastUse(inventory)
    let oldest = limits.now.milliseconds - limits.maxAge
    var candidates: [Candidate] = []
    for entry in inventory.entries {
      let used = lastUse[entry.key]
      let isYoung = limits.isYoung(entry.written)
      if !isYoung, !entry.isWhole, !promised.contains(entry.key) {
        remove(entry, .incomplete, used)
        continue
      }
      if !isYoung, !roots.contains(entry.key) {
        if let used, used.milliseconds <= oldest {
          remove(entry, .unused, used)
          continue
        }
        candidates.append((entry, used))
      }
      keptResults.insert(entry.key)
      keptTrees.formUnion(entry.trees)
      needs.add(entry)
    }
    return candidates
  }

  /// Gives up the least recently used of the candidates until the blobs are small enough.
  private mutating func shrink(
    _ candidates: [Candidate], to most: Int64, _ needs: inout BlobNeeds
  ) {
    let sorted = candidates.sorted {
      ($0.lastUse?.milliseconds ?? .max) < ($1.lastUse?.milliseconds ?? .max)
    }
    for (entry, used) in sorted where needs.bytes > most {
      keptResults.remove(entry.key)
      remove(entry, .size, used)
      needs.remove(entry)
    }
  }

  /// Spares blobs that turned out to be needed after all.
  mutating func spare(_ needed: Set<Digest>) {
    let before = blobs
    blobs.removeAll { needed.contains($0.digest) }
    keptBlobs += before.count - blobs.count
    keptBytes = keptBytes.addingSaturated(before.saturatedSum(\.size) - removedBytes)
  }

  private mutating func remove(
    _ entry: StoreInventory.Entry, _ reason: Reason, _ lastUse: Timestamp?
  ) {
    let size = entry.blobs.saturatedSum(\.size)
    results.append(Removal(key: entry.key, reason: reason, lastUse: lastUse, size: size))
  }

  /// Chooses the run records that stay; what they hold.
  private mutating func keepRuns(
    _ all: [RunRoots], _ limits: CollectionLimits, _ tagged: Set<RunID>
  ) -> (keys: Set<ActionKey>, uncachedOutputs: Set<Digest>) {
    var keys: Set<ActionKey> = []
    var uncachedOutputs: Set<Digest> = []
    var counts: [String: Int] = [:]
    for run in all.sorted(by: { $0.id > $1.id }) {
      let isNew = counts[run.group, default: 0] < limits.keepRuns
      guard isNew || tagged.contains(run.id) || limits.isYoung(run.id.startedAt) else {
        runs.append(run.id)
        continue
      }
      if isNew { counts[run.group, default: 0] += 1 }
      keptRuns.append(run.id)
      keys.formUnion(run.steps.values)
      uncachedOutputs.formUnion(run.uncachedOutputs)
    }
    return (keys, uncachedOutputs)
  }

  /// No hit leaves a trace by itself: a result was used when it was written, and at the start of
  /// each run whose record holds it.
  private static func lastUse(_ inventory: StoreInventory) -> [ActionKey: Timestamp] {
    var lastUse: [ActionKey: Timestamp] = [:]
    for entry in inventory.entries { lastUse[entry.key] = entry.written }
    for run in inventory.runs {
      guard let start = run.id.startedAt else { continue }
      for key in run.steps.values where lastUse[key].map({ $0 < start }) == true {
        lastUse[key] = start
      }
    }
    return lastUse
  }
}

/// How many that stay need each blob, and how large all these are together.
private struct BlobNeeds {
  private let blobs: [Digest: StoreInventory.Blob]
  private let limits: CollectionLimits
  private var counts: [Digest: Int] = [:]
  /// Of the blobs that stay.
  private(set) var bytes: Int64 = 0

  init(
    _ blobs: [Digest: StoreInventory.Blob], _ limits: CollectionLimits, uncachedOutputs: Set<Digest>
  ) {
    self.blobs = blobs
    self.limits = limits
    for (digest, blob) in blobs where isYoung(digest) {
      bytes = bytes.addingSaturated(blob.size)
    }
    for digest in uncachedOutputs { count(digest, 1) }
  }

  private func isYoung(_ digest: Digest) -> Bool { limits.isYoung(blobs[digest]?.written) }

  func isNeeded(_ digest: Digest) -> Bool { counts[digest, default: 0] > 0 }

  func stays(_ digest: Digest) -> Bool { isNeeded(digest) || isYoung(digest) }

  mutating func add(_ entry: StoreInventory.Entry) {
    for blob in entry.blobs { count(blob.digest, 1) }
  }

  mutating func remove(_ entry: StoreInventory.Entry) {
    for blob in entry.blobs { count(blob.digest, -1) }
  }

  private mutating func count(_ digest: Digest, _ change: Int) {
    let before = stays(digest)
    counts[digest, default: 0] += change
    let after = stays(digest)
    if before != after {
      bytes = bytes.addingSaturated((blobs[digest]?.size ?? 0) * (after ? 1 : -1))
    }
  }
}
