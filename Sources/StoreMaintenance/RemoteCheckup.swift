// The look for damage in a shared store: every object comes down and is hashed.
import Content
import FileTools
import RemoteCache

/// Looks at everything in a shared store.
public struct RemoteCheckup {
  private let shared: SharedStore
  private let repairs: Bool
  private let read: RunHoldings.Reader
  private var checkup = StoreCheckup()
  /// Results as they are there, for their names.
  public private(set) var results: [ActionKey: ActionResult] = [:]

  /// Unless it `repairs` nothing is moved away.
  public init(
    _ shared: SharedStore, repairs: Bool, reading read: @escaping RunHoldings.Reader
  ) {
    self.shared = shared
    self.repairs = repairs
    self.read = read
  }

  private var aside: String { repairs ? "; moved to .atelier/quarantine/" : "" }

  /// Looks; throws `RemoteFailure` when the shared store is out of reach.
  public mutating func run() throws -> StoreCheckup {
    let census = try RemoteCensus(shared.remote, local: shared.local, reading: read)
    results = census.results
    let damaged = try checkBlobs(census)
    for entry in census.census.entries {
      checkup.results += 1
      if census.results[entry.key] == nil {
        try putAside(
          .result, entry.key.description, "the object does not hold a result of this key", census
        ) { $0 == .result(entry.key) }
        checkup.affected.append(entry.key)
        continue
      }
      let missing = entry.blobs.filter { census.census.blobs[$0.digest]?.size != $0.size }
      for blob in missing.sorted(by: { $0.digest < $1.digest })
      where !damaged.contains(blob.digest) {
        checkup.damages.append(
          StoreDamage(
            .missing, blob.digest.description, "the result \(entry.key.digest.short) needs it"))
      }
      guard !entry.isWhole || entry.blobs.contains(where: { damaged.contains($0.digest) }) else {
        continue
      }
      checkup.affected.append(entry.key)
      if repairs { shared.forget(entry.key) }
    }
    try checkRecords(census)
    return checkup
  }

  private mutating func checkBlobs(_ census: RemoteCensus) throws -> Set<Digest> {
    let blobs = census.census.blobs.map { BlobReference(digest: $0.key, size: $0.value.size) }
      .sorted { $0.digest < $1.digest }
    let (remote, local) = (shared.remote, shared.local)
    let isSound = try Parallel.map(blobs.count, width: RemoteCensus.width, chunk: 1) { index in
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
    checkup.blobs = blobs.count
    checkup.bytes = blobs.reduce(0) { $0 + $1.size }
    let damaged = Set(zip(blobs, isSound).filter { !$0.1 }.map(\.0.digest))
    for digest in damaged.sorted() {
      try putAside(.blob, digest.description, "its bytes have another digest", census) {
        $0 == .blob(digest)
      }
    }
    return damaged
  }

  private mutating func checkRecords(_ census: RemoteCensus) throws {
    let readable = Set(census.census.runs.map(\.id))
    for object in census.objects {
      guard case .record(let id) = object.kind else { continue }
      checkup.records += 1
      guard !readable.contains(id), let bytes = try shared.remote.record(id),
        (try? JSONValue(parsing: bytes))?["v"]?.integer ?? 0 <= 1
      else { continue }
      try putAside(.record, id.description, "it is no run record", census) { $0 == .record(id) }
    }
  }

  private mutating func putAside(
    _ kind: StoreDamage.Kind, _ name: String, _ problem: String, _ census: RemoteCensus,
    where isMeant: (RemoteObject.Kind) -> Bool
  ) throws {
    if repairs, let object = census.objects.first(where: { isMeant($0.kind) }) {
      try shared.remote.putAside(object)
    }
    checkup.damages.append(StoreDamage(kind, name, problem + aside))
  }
}
