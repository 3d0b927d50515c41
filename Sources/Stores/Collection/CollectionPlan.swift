// Which results, blobs and run records may go: a pure function of what is there. It removes nothing.
import Content

/// How much is kept.
public struct CollectionLimits: Hashable, Sendable {
  /// Run records that are kept of each workshop, with all that they hold.
  public var keepRuns = 10
  /// Other results go when they were not used for so long: ms.
  public var maxAge: Int64 = 30 * 86_400_000
  /// Other results go, the least recently used first, until all blobs are that small: bytes.
  public var maxSize: Int64?
  /// What is younger stays whatever it is, since its writer may not be done: ms.
  public var grace: Int64 = 0
  public var now: Timestamp

  public init(now: Timestamp) { self.now = now }

  /// Whether something is so young that its writer may still be at work; also where nobody knows.
  func isYoung(_ written: Timestamp?) -> Bool {
    guard grace > 0 else { return false }
    guard let written else { return true }
    return written.milliseconds > now.milliseconds - grace
  }
}

/// What a collection would remove, and what it keeps.
public struct CollectionPlan: Sendable {
  public enum Reason: String, Sendable {
    /// A blob of it is gone: it is worth nothing.
    case incomplete
    case unused
    /// Others that were used later fill the size that is allowed.
    case size
  }

  public struct Removal: Sendable {
    public let key: ActionKey
    public let reason: Reason
    /// As far as results and run records tell.
    public let lastUse: Timestamp?
    /// Bytes of its blobs; others may need them, too.
    public let size: Int64
  }

  /// The least recently used first.
  public private(set) var results: [Removal] = []
  public private(set) var blobs: [BlobReference] = []
  public private(set) var runs: [RunID] = []
  public private(set) var keptResults: Set<ActionKey> = []
  public private(set) var keptTrees: Set<Digest> = []
  public private(set) var keptBlobs = 0
  public private(set) var keptRuns: [RunID] = []

  /// Bytes of the blobs that go.
  public var removedBytes: Int64 { blobs.reduce(0) { $0 + $1.size } }
  /// Bytes of the blobs that stay.
  public private(set) var keptBytes: Int64 = 0

  /// `tagged` are runs that stay; `pinned` results that stay although no run holds them, and
  /// `promised` those whose blobs lie elsewhere.
  public init(
    _ census: StoreCensus, _ limits: CollectionLimits, tagged: Set<RunID> = [],
    pinned: Set<ActionKey> = [], promised: Set<ActionKey> = []
  ) {
    let roots = keepRuns(census.runs, limits, tagged)
    let lastUse = Self.lastUse(census)
    var references: [Digest: Int] = [:]
    for digest in roots.loose { references[digest, default: 0] += 1 }
    var candidates: [(entry: StoreCensus.Entry, lastUse: Timestamp?)] = []
    func keep(_ entry: StoreCensus.Entry) {
      keptResults.insert(entry.key)
      keptTrees.formUnion(entry.trees)
      for blob in entry.blobs { references[blob.digest, default: 0] += 1 }
    }
    let oldest = limits.now.milliseconds - limits.maxAge
    for entry in census.entries {
      let used = lastUse[entry.key]
      if limits.isYoung(entry.written) {
        keep(entry)
      } else if !entry.isWhole && !promised.contains(entry.key) {
        remove(entry, .incomplete, used)
      } else if roots.keys.contains(entry.key) || pinned.contains(entry.key) {
        keep(entry)
      } else if let used, used.milliseconds <= oldest {
        remove(entry, .unused, used)
      } else {
        candidates.append((entry, used))
        keep(entry)
      }
    }
    func stays(_ digest: Digest) -> Bool {
      references[digest, default: 0] > 0 || limits.isYoung(census.blobs[digest]?.written)
    }
    var total = census.blobs.reduce(0) { $0 + (stays($1.key) ? $1.value.size : 0) }
    if let most = limits.maxSize {
      candidates.sort { ($0.lastUse?.milliseconds ?? .max) < ($1.lastUse?.milliseconds ?? .max) }
      for (entry, used) in candidates where total > most {
        keptResults.remove(entry.key)
        remove(entry, .size, used)
        for blob in entry.blobs {
          references[blob.digest, default: 0] -= 1
          if !stays(blob.digest) { total -= census.blobs[blob.digest]?.size ?? 0 }
        }
      }
      keptTrees = keptTrees.filter { references[$0, default: 0] > 0 }
    }
    results.sort { ($0.lastUse?.milliseconds ?? 0) < ($1.lastUse?.milliseconds ?? 0) }
    for (digest, blob) in census.blobs {
      if stays(digest) {
        keptBlobs += 1
      } else {
        blobs.append(BlobReference(digest: digest, size: blob.size))
      }
    }
    blobs.sort { $0.digest < $1.digest }
    keptBytes = total
  }

  /// Spares blobs that turned out to be needed after all.
  mutating func spare(_ needed: Set<Digest>) {
    let before = blobs
    blobs.removeAll { needed.contains($0.digest) }
    keptBlobs += before.count - blobs.count
    keptBytes += before.reduce(0) { $0 + $1.size } - removedBytes
  }

  private mutating func remove(
    _ entry: StoreCensus.Entry, _ reason: Reason, _ lastUse: Timestamp?
  ) {
    let size = entry.blobs.reduce(0) { $0 + $1.size }
    results.append(Removal(key: entry.key, reason: reason, lastUse: lastUse, size: size))
  }

  /// Chooses the run records that stay; what they hold.
  private mutating func keepRuns(
    _ all: [RunHoldings], _ limits: CollectionLimits, _ tagged: Set<RunID>
  ) -> (keys: Set<ActionKey>, loose: Set<Digest>) {
    var keys: Set<ActionKey> = []
    var loose: Set<Digest> = []
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
      loose.formUnion(run.loose)
    }
    return (keys, loose)
  }

  /// No hit leaves a trace by itself: a result was used when it was written, and at the start of
  /// each run whose record holds it.
  private static func lastUse(_ census: StoreCensus) -> [ActionKey: Timestamp] {
    var lastUse: [ActionKey: Timestamp] = [:]
    for entry in census.entries { lastUse[entry.key] = entry.written }
    for run in census.runs {
      guard let start = run.id.startedAt else { continue }
      for key in run.steps.values where lastUse[key].map({ $0 < start }) == true {
        lastUse[key] = start
      }
    }
    return lastUse
  }
}
