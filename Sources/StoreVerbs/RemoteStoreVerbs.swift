// `atelier store gc --remote` and `fsck --remote`.
import Atelier
import CommandLine
import Content
import LocalStores
import Planning
import Project
import StoreMaintenance
import Terminal

enum RemoteGC {
  /// Writers whose objects are younger may not be done.
  private static let grace: Int64 = 24 * 3_600_000

  static func run(
    _ call: StoreCall, _ session: Session, _ limits: CollectionLimits, deletes: Bool
  ) throws -> Int32 {
    var limits = limits
    limits.grace = Self.grace
    return try Signals.guarding { signals in
      let store = try session.store(readOnly: false)
      defer { try? store.close() }
      let shared = try session.bucket(store, signals)
      let tagged = Set(try StoreTags(store).all().values)
      var collection = try RemoteCollection(
        shared.remote, local: store, limits: limits, tagged: tagged,
        held: HeldModels.keys(
          session.sharedRegistry(RemoteUse(isRequired: true, isAskedFor: true))),
        reading: RunRoots.reader)
      if deletes {
        for removal in collection.plan.results { shared.forget(removal.key) }
        try collection.sweep()
      }
      let report = GCReport(
        call: call, place: shared.remote.name, names: try StepNames(store), deletes: deletes)
      try report.list(collection.plan, collection.results)
      try report.total(
        collection.plan, besides: [("others", "other object", collection.leftovers)])
      return ExitCode.success
    }
  }
}

enum RemoteFsck {
  static func run(_ call: StoreCall, _ session: Session, repairs: Bool) throws -> Int32 {
    return try Signals.guarding { signals in
      let store = try session.store(readOnly: false)
      defer { try? store.close() }
      let shared = try session.bucket(store, signals)
      let names = try StepNames(store)
      var checkup = RemoteIntegrityCheck(
        shared, repairs: repairs, reading: RunRoots.reader)
      let found = try checkup.run()
      return try FsckReport(call: call, place: shared.remote.name, names: names)
        .show(found, checkup.results)
    }
  }
}
