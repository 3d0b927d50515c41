// The collection of garbage in a store's folder: plans, then sweeps in an order in which it may be
// killed anywhere.
import Content
import FileIndex
import FileTools
import LocalStores
import RemoteCache
import Stamps

/// What a sweep took away besides results, blobs and records.
package struct Garbage: Hashable, Sendable {
  /// Folders of trees.
  package var trees = 0
  package var logs = 0
  /// Damaged files that were put aside.
  package var quarantined = 0
  /// Notes about shared stores and sources elsewhere.
  package var notes = 0
  /// Marks of unchanged runs that answer nothing any more; known after a sweep only.
  package var marks = 0

  package init() {}
}

/// Removes from a local store what nobody is going to need.
///
/// For `sweep` the store must have been opened alone: a writer may count on blobs that no result
/// names yet. Readers may go on: what they look up is there or missing, never half.
package struct LocalCollection {
  private let store: LocalStore
  private let limits: CollectionLimits
  package let plan: CollectionPlan
  private let trees: [String]
  private let logs: [String]
  private let quarantined: [String]
  private let notes: [String]

  /// Reads the whole store and plans; `held` are results that stay whatever runs say of them.
  package init(
    _ store: LocalStore, limits: CollectionLimits, held: Set<ActionKey> = [],
    reading read: @escaping RunRoots.Reader
  ) throws {
    self.store = store
    self.limits = limits
    func keys(_ kind: RemoteNotes.Kind) throws -> Set<ActionKey> {
      Set(
        try LocalGarbage.noted(kind, store.layout).compactMap { Digest($0).map(ActionKey.init) })
    }
    let unsent = Set(try LocalGarbage.noted(.records, store.layout).compactMap { RunID($0) })
    plan = CollectionPlan(
      try store.inventory(read), limits,
      tagged: unsent.union(try StoreTags(store).all().values),
      pinned: try keys(.pending).union(held),
      promised: try keys(.held))
    let leftovers = LocalGarbage(layout: store.layout, limits: limits)
    trees = try leftovers.trees(keeping: plan.keptTrees)
    logs = try leftovers.logs(keeping: plan.keptResults)
    quarantined = try leftovers.quarantined()
    notes =
      try leftovers.notes(keeping: plan.keptResults, Set(plan.keptRuns)) + leftovers.sources()
  }

  /// What lies about besides.
  package var leftovers: Garbage {
    var leftovers = Garbage()
    leftovers.trees = trees.count
    leftovers.logs = logs.count
    leftovers.quarantined = quarantined.count
    leftovers.notes = notes.count
    return leftovers
  }

  /// Removes what was planned; what else went.
  ///
  /// A result goes before its blobs, its row in the index before its file, and between results and
  /// blobs the file system is flushed: at no moment, nor after a power cut, is there a result
  /// without its blobs. Records go last, since they tell the next plan what was used when.
  package func sweep(isCancelled: () -> Bool = { false }) throws -> Garbage {
    let layout = store.layout
    store.index.forget(plan.results.map(\.key))
    for removal in plan.results {
      if isCancelled() { return leftovers }
      try Disk.remove(layout.action(removal.key))
    }
    for path in notes { try Disk.remove(path) }
    if !plan.results.isEmpty { try Disk.flushFileSystem(layout.base) }
    for path in trees where !isCancelled() { try removeTree(path) }
    for blob in plan.blobs where !isCancelled() { try Disk.remove(layout.blob(blob.digest)) }
    for path in logs + quarantined where !isCancelled() { try Disk.remove(path) }
    if isCancelled() { return leftovers }
    for id in plan.runs { try Disk.remove(store.runs.path(of: id)) }
    var leftovers = self.leftovers
    leftovers.marks = try UpToDateCache(root: layout.root).prune()
    return leftovers
  }

  /// Removes a folder of links; a blob that stays has another ctime afterwards, by our own doing.
  private func removeTree(_ path: String) throws {
    let name = path.split(separator: "/").last ?? ""
    let record = Digest(name).map {
      OutputRecord(digest: $0, size: 0, mediaType: "", kind: .tree)
    }
    let entries = record.flatMap { try? store.trees.manifest(of: $0).entries } ?? []
    let before = try entries.map { entry -> FileIdentity? in
      let identity = try FileStatus(store.layout.blob(entry.digest), followingLinks: false)?
        .identity
      return identity.flatMap { store.memo.vouches(for: entry.digest, of: $0) ? $0 : nil }
    }
    try Disk.remove(path)
    for (entry, before) in zip(entries, before) {
      guard let before,
        let now = try FileStatus(store.layout.blob(entry.digest), followingLinks: false)?.identity,
        now.isLinked(before)
      else { continue }
      store.index.remember(
        MemoRow(identity: now, digest: entry.digest, path: ""), afterSync: false)
    }
  }
}
