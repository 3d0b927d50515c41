// Lists and reads everything in a shared store. It changes nothing there.
import Content
import FileTools
import LocalStores
import RemoteCache
import Trees

/// What is in a shared store, with the objects that a listing gave.
struct RemoteInventory {
  private(set) var inventory = StoreInventory()
  private(set) var objects: [RemoteObject] = []
  private(set) var results: [ActionKey: ActionResult] = [:]
  private let remote: any RemoteStore
  private let local: LocalStore
  /// Requests at a time.
  private var width: Int { remote.requestsAtOnce }

  /// Lists, and reads each result, manifest and record; `local` saves reading manifests there.
  init(
    _ remote: any RemoteStore, local: LocalStore, reading read: @escaping RunRoots.Reader
  ) throws {
    self.remote = remote
    self.local = local
    objects = try remote.objects(.everything)
    for object in objects {
      if case .blob(let digest) = object.kind {
        inventory.blobs[digest] = StoreInventory.Blob(size: object.size, written: object.written)
      }
    }
    try add(objects)
    try readRuns(read)
  }

  /// Reads the results among some objects.
  mutating func add(_ objects: [RemoteObject]) throws {
    let found = objects.compactMap { object -> (ActionKey, Timestamp?)? in
      if case .result(let key) = object.kind { (key, object.written) } else { nil }
    }
    let remote = self.remote
    let read = try Parallel.map(found.count, width: width, chunk: 1) {
      try remote.lookup(found[$0].0)
    }
    let trees = Set(read.compactMap(\.self).flatMap(\.outputs.values).filter { $0.kind == .tree })
      .filter { inventory.blobs[$0.digest] != nil }.sorted { $0.digest < $1.digest }
    let local = self.local
    let manifests = try Parallel.map(trees.count, width: width, chunk: 1) { index in
      try Self.manifest(of: trees[index], remote, local)
    }
    let entries = Dictionary(
      zip(trees.map(\.digest), manifests), uniquingKeysWith: { first, _ in first })
    for ((key, written), result) in zip(found, read) {
      results[key] = result
      inventory.entries.append(
        inventory.entry(key, result, written: written) { entries[$0.digest] ?? nil })
    }
  }

  private static func manifest(
    of record: OutputRecord, _ remote: any RemoteStore, _ local: LocalStore
  ) throws -> [TreeEntry]? {
    if try local.objects.contains(record.digest) {
      return try? local.trees.manifest(of: record).entries
    }
    do {
      let bytes = try remote.bytes(of: record.blob)
      return try? TreeManifest(parsing: bytes, digest: record.digest).entries
    } catch let failure as RemoteFailure
      where failure.kind == .missing || failure.kind == .damaged
    {
      return nil
    }
  }

  private mutating func readRuns(_ read: RunRoots.Reader) throws {
    let ids = objects.compactMap { object -> RunID? in
      if case .record(let id) = object.kind { id } else { nil }
    }
    let remote = self.remote
    let records = try Parallel.map(ids.count, width: width, chunk: 1) {
      try remote.record(ids[$0])
    }
    for (id, bytes) in zip(ids, records) {
      let json = bytes.flatMap { try? JSONValue(parsing: $0) }
      if let roots = json.flatMap({ read(id, $0) }) {
        inventory.runs.append(roots)
      } else {
        inventory.unreadableRuns += 1
      }
    }
    inventory.runs.sort { $0.id > $1.id }
  }
}
