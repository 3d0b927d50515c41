// The collection of garbage in a shared store. Nobody can lock it, so time protects its writers, and
// what slips through is a result without a blob, which every machine takes for a miss.
import Content
import LocalStores
import RemoteCache

/// Removes from a shared store what nobody is going to need.
///
/// Nothing that was written within the grace of the limits is removed.
package struct RemoteCollection {
  private let remote: any RemoteStore
  private let limits: CollectionLimits
  private var inventory: RemoteInventory
  package private(set) var plan: CollectionPlan

  /// Reads the whole shared store and plans; `tagged` are runs that stay, `held` results that do.
  package init(
    _ remote: any RemoteStore, local: LocalStore, limits: CollectionLimits, tagged: Set<RunID>,
    held: Set<ActionKey> = [], reading read: @escaping RunRoots.Reader
  ) throws {
    self.remote = remote
    self.limits = limits
    inventory = try RemoteInventory(remote, local: local, reading: read)
    plan = CollectionPlan(inventory.inventory, limits, tagged: tagged, pinned: held)
  }

  /// The results that go, for their names.
  package var results: [ActionKey: ActionResult] { inventory.results }

  /// What is neither result nor blob nor record and was left long ago.
  private var remains: [RemoteObject] {
    inventory.objects.filter { object in
      guard let written = object.written, !limits.isYoung(written) else { return false }
      switch object.kind {
      case .lease, .probe: return true
      case .quarantined, .notice:
        return written.milliseconds <= limits.now.milliseconds - limits.maxAge
      case .blob, .result, .record, .other: return false
      }
    }
  }

  /// Leases without a holder, probes, and old quarantined objects and notices.
  package var leftovers: Int { remains.count }

  /// Removes what was planned, results before blobs.
  ///
  /// In between it lists results that came meanwhile, and spares their blobs.
  package mutating func sweep() throws {
    let gone = Set(plan.results.map(\.key))
    try remote.remove(
      objects { kind in
        if case .result(let key) = kind { gone.contains(key) } else { false }
      })
    if !plan.blobs.isEmpty {
      let known = Set(inventory.inventory.entries.map(\.key))
      try inventory.add(
        remote.objects(.results).filter { object in
          if case .result(let key) = object.kind {
            gone.contains(key) || !known.contains(key)
          } else {
            false
          }
        })
      let new = inventory.inventory.entries.dropFirst(known.count)
      plan.spare(Set(new.flatMap(\.blobs).map(\.digest)))
      let blobs = Set(plan.blobs.map(\.digest))
      try remote.remove(
        objects { kind in
          if case .blob(let digest) = kind { blobs.contains(digest) } else { false }
        })
    }
    try remote.remove(remains)
    let runs = Set(plan.runs)
    try remote.remove(
      objects { kind in
        if case .record(let id) = kind { runs.contains(id) } else { false }
      })
  }

  private func objects(where isWanted: (RemoteObject.Kind) -> Bool) -> [RemoteObject] {
    inventory.objects.filter { isWanted($0.kind) }
  }
}
