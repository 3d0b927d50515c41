// The integrity check of a store's folder: every byte is read, and no memory of an earlier check is
// trusted. What is wrong is moved to the quarantine, so that nobody uses it.
import Content
import FileTools
import LocalStores
import StoreFolder

/// Checks everything in a local store; safe beside runs.
package struct LocalIntegrityCheck {
  private let store: LocalStore
  private let read: RunRoots.Reader
  private let isCancelled: @Sendable () -> Bool
  private var report = IntegrityReport()
  /// Sizes of the blobs that are sound.
  private var sound: [Digest: Int64] = [:]
  private var damaged: Set<Digest> = []
  /// Damaged blobs without bytes, as a power cut leaves what was not flushed yet, and what to say of
  /// each that a result or a record turns out to need.
  private var blank: [Digest: String] = [:]

  /// With a store that is open for reading only nothing is moved.
  package init(
    _ store: LocalStore, isCancelled: @escaping @Sendable () -> Bool = { false },
    reading read: @escaping RunRoots.Reader
  ) {
    self.store = store
    self.read = read
    self.isCancelled = isCancelled
  }

  private var repairs: Bool { !store.isReadOnly }
  private var aside: String { repairs ? "; moved to the quarantine" : "" }

  /// Checks; nil when it was cancelled.
  package mutating func run() throws -> IntegrityReport? {
    if !store.index.isSound() {
      add(
        .index, "index.sqlite",
        "it cannot be read" + (repairs ? "; thrown away, it is made anew" : ""))
    }
    try checkTrees()
    guard try checkBlobs() else { return nil }
    try checkResults()
    try checkRecords()
    report.blank = blank.count
    return report
  }

  private mutating func add(_ kind: StoreDamage.Kind, _ name: String, _ problem: String) {
    report.damages.append(StoreDamage(kind, name, problem))
  }

  // MARK: Blobs

  private struct Finding: Sendable {
    let digest: Digest
    let size: Int64
    /// nil for one that is sound, or gone since it was listed.
    let problem: String?
    var isBlank = false
  }

  /// False when it was cancelled.
  private mutating func checkBlobs() throws -> Bool {
    let digests = try blobs()
    let (objects, isCancelled) = (store.objects, self.isCancelled)
    let findings = try Parallel.map(digests.count, chunk: 1) { index -> Finding? in
      if isCancelled() { return nil }
      return try Self.inspect(digests[index], in: objects)
    }
    if isCancelled() { return false }
    for finding in findings.compactMap(\.self) {
      if let problem = finding.problem {
        damaged.insert(finding.digest)
        if finding.isBlank {
          blank[finding.digest] = problem + aside
        } else {
          add(.blob, finding.digest.description, problem + aside)
        }
      } else {
        sound[finding.digest] = finding.size
        report.bytes = report.bytes.addingSaturated(finding.size)
      }
    }
    report.blobs = sound.count + damaged.count
    return true
  }

  /// A blob without bytes is a damage after all, since something needs it.
  private mutating func addIfBlank(_ digest: Digest) {
    guard let problem = blank.removeValue(forKey: digest) else { return }
    add(.blob, digest.description, problem)
  }

  private func blobs() throws -> [Digest] {
    let folder = store.layout.algorithm
    return try (Disk.names(in: folder) ?? []).flatMap { shard in
      try (Disk.names(in: "\(folder)/\(shard)") ?? []).filter { $0.hasPrefix(shard) }
        .compactMap { Digest($0) }
    }.sorted()
  }

  private static func inspect(_ digest: Digest, in objects: ContentStore) throws -> Finding? {
    let path = objects.layout.blob(digest)
    guard let status = try FileStatus(path, followingLinks: false) else { return nil }
    guard status.kind == .file else {
      _ = try objects.quarantine(digest, status.identity)
      return Finding(digest: digest, size: 0, problem: "it is \(status.name)")
    }
    guard let found = try objects.rehash(path) else { return nil }
    if found.digest == digest { return Finding(digest: digest, size: found.size, problem: nil) }
    let isBlank = try Disk.read(path, first: 4096)?.allSatisfy { $0 == 0 } ?? false
    _ = try objects.quarantine(digest, found.identity)
    return Finding(
      digest: digest, size: 0,
      problem: "its \(found.size) bytes have digest \(found.digest)", isBlank: isBlank)
  }

  // MARK: Results

  private mutating func checkResults() throws {
    let promised = Set(try LocalGarbage.noted(.held, store.layout))
    let keys = try store.actions.keys()
    report.results = keys.count
    for key in keys {
      // A run may have replaced or a collection removed it since.
      guard store.actions.hasFile(key) else { continue }
      let bytes = try Disk.readDocument(store.layout.action(key), atMost: ByteLimit.result) ?? []
      guard let result = ActionResult(fileBytes: bytes, key: key) else {
        try moveToQuarantine(key)
        report.affected.append(key)
        continue
      }
      compare(result, withRowOf: key)
      let lacking = lacking(result)
      guard !lacking.isEmpty else { continue }
      for digest in lacking { addIfBlank(digest) }
      if promised.contains(key.digest.hex) {
        if lacking.contains(where: damaged.contains) { report.fetched.append(key) }
        continue
      }
      report.affected.append(key)
      for digest in lacking where !damaged.contains(digest) {
        add(.missing, digest.description, "the result \(key.digest.short) needs it")
      }
    }
  }

  private mutating func moveToQuarantine(_ key: ActionKey) throws {
    // Whoever holds the key is about to write its result.
    let lock = repairs ? try store.locks.attempt(key) : nil
    if let lock {
      try Quarantine(store.layout).move(store.layout.action(key), as: "\(key.digest.hex).json")
      store.index.forget(key)
      lock.release()
    }
    add(
      .result, key.description,
      "its file does not hold a result of this key" + (lock == nil ? "" : aside))
  }

  /// Blobs that are not there or not sound.
  private func lacking(_ result: ActionResult) -> [Digest] {
    var needed: [Digest: Int64] = [:]
    for record in result.outputs.values {
      needed[record.digest] = record.size
      guard record.kind == .tree, sound[record.digest] != nil else { continue }
      for entry in (try? store.trees.manifest(of: record))?.entries ?? [] {
        needed[entry.digest] = entry.size
      }
    }
    let noTrees = result.outputs.values.filter { record in
      record.kind == .tree && sound[record.digest] != nil
        && (try? store.trees.manifest(of: record)) == nil
    }.map(\.digest)
    return needed.filter { sound[$0.key] != $0.value }.map(\.key).sorted() + noTrees
  }

  private mutating func compare(_ result: ActionResult, withRowOf key: ActionKey) {
    guard let row = store.index.action(key), ActionResult(rowBytes: row, key: key) != result else {
      return
    }
    if repairs { store.index.forget(key) }
    add(
      .index, key.description,
      "its row says something else than the result's file" + (repairs ? "; forgotten" : ""))
  }

  // MARK: Records and trees

  private mutating func checkRecords() throws {
    for id in try store.runs.list() {
      guard try FileStatus(store.runs.path(of: id), followingLinks: true) != nil else { continue }
      report.records += 1
      let json = try store.runs.read(id)
      let roots = json.flatMap { read(id, $0) }
      for digest in roots?.uncachedOutputs ?? [] { addIfBlank(digest) }
      // One of a later version is none of ours to judge.
      if roots != nil || (json?["v"]?.integer ?? 0) > 1 { continue }
      if repairs {
        try Quarantine(store.layout).move(store.runs.path(of: id), as: "\(id).json")
      }
      add(.record, id.description, "it is no run record" + aside)
    }
  }

  /// Before the blobs: a file that was changed through a link shows there.
  private mutating func checkTrees() throws {
    for name in try (Disk.names(in: store.layout.trees) ?? []).sorted() {
      guard let digest = Digest(name), let isSound = try store.treeFolders.isFolderSound(of: digest)
      else { continue }
      report.trees += 1
      if isSound { continue }
      if repairs { try store.treeFolders.moveToTrash(store.layout.tree(digest)) }
      add(
        .tree, digest.description,
        "its folder does not hold the tree's files"
          + (repairs ? "; taken away, it is made anew when a step needs it" : ""))
    }
  }
}
