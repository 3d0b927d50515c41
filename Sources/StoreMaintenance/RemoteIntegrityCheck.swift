// The integrity check of a shared store: every object comes down and is hashed.
import Content
import FileTools
import RemoteCache

/// Checks everything in a shared store.
package struct RemoteIntegrityCheck {
  private let shared: SharedStore
  private let repairs: Bool
  private let read: RunRoots.Reader
  private var report = IntegrityReport()
  /// Results as they are there, for their names.
  package private(set) var results: [ActionKey: ActionResult] = [:]

  /// Unless it `repairs` nothing is moved away.
  package init(
    _ shared: SharedStore, repairs: Bool, reading read: @escaping RunRoots.Reader
  ) {
    self.shared = shared
    self.repairs = repairs
    self.read = read
  }

  private var aside: String { repairs ? "; moved to .atelier/quarantine/" : "" }

  /// Checks; throws `RemoteFailure` when the shared store is out of reach.
  package mutating func run() throws -> IntegrityReport {
    let inventory = try RemoteInventory(shared.remote, local: shared.local, reading: read)
    results = inventory.results
    let damaged = try checkBlobs(inventory)
    for entry in inventory.inventory.entries {
      report.results += 1
      if inventory.results[entry.key] == nil {
        try moveToQuarantine(
          .result, entry.key.description, "the object does not hold a result of this key", inventory
        ) { $0 == .result(entry.key) }
        report.affected.append(entry.key)
        continue
      }
      let missing = entry.blobs.filter { inventory.inventory.blobs[$0.digest]?.size != $0.size }
      for blob in missing.sorted(by: { $0.digest < $1.digest })
      where !damaged.contains(blob.digest) {
        report.damages.append(
          StoreDamage(
            .missing, blob.digest.description, "the result \(entry.key.digest.short) needs it"))
      }
      guard !entry.isWhole || entry.blobs.contains(where: { damaged.contains($0.digest) }) else {
        continue
      }
      report.affected.append(entry.key)
      if repairs { shared.forget(entry.key) }
    }
    try checkRecords(inventory)
    return report
  }

  private mutating func checkBlobs(_ inventory: RemoteInventory) throws -> Set<Digest> {
    let blobs = inventory.inventory.blobs.map { SizedDigest(digest: $0.key, size: $0.value.size) }
      .sorted { $0.digest < $1.digest }
    let (remote, local) = (shared.remote, shared.local)
    let isSound = try Parallel.map(blobs.count, width: remote.requestsAtOnce, chunk: 1) { index in
      try local.withTemporaryPath { path in
        do {
          try remote.get(blobs[index], file: path)
          return true
        } catch let failure as RemoteFailure where failure.kind == .damaged {
          return false
        } catch let failure as RemoteFailure where failure.kind == .missing {
          return true  // Gone since it was listed: its results tell.
        }
      }
    }
    report.blobs = blobs.count
    report.bytes = blobs.saturatedSum(\.size)
    let damaged = Set(zip(blobs, isSound).filter { !$0.1 }.map(\.0.digest))
    for digest in damaged.sorted() {
      try moveToQuarantine(.blob, digest.description, "its bytes have another digest", inventory) {
        $0 == .blob(digest)
      }
    }
    return damaged
  }

  private mutating func checkRecords(_ inventory: RemoteInventory) throws {
    let readable = Set(inventory.inventory.runs.map(\.id))
    for object in inventory.objects {
      guard case .record(let id) = object.kind else { continue }
      report.records += 1
      guard !readable.contains(id), let bytes = try shared.remote.record(id),
        (try? JSONValue(parsing: bytes))?["v"]?.integer ?? 0 <= 1
      else { continue }
      try moveToQuarantine(.record, id.description, "it is no run record", inventory) {
        $0 == .record(id)
      }
    }
  }

  private mutating func moveToQuarantine(
    _ kind: StoreDamage.Kind, _ name: String, _ problem: String, _ inventory: RemoteInventory,
    where isMeant: (RemoteObject.Kind) -> Bool
  ) throws {
    if repairs, let object = inventory.objects.first(where: { isMeant($0.kind) }) {
      try shared.remote.moveToQuarantine(object)
    }
    report.damages.append(StoreDamage(kind, name, problem + aside))
  }
}
