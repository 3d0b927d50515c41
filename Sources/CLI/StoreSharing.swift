// `atelier store push` and `pull`, and what the verbs do to the bucket itself.
import Atelier
import Content
import Engine
import LocalStores
import RemoteCache
import StoreMaintenance

/// A session with the bucket that its configuration names, whatever [Atelier] store says.
struct BucketCall {
  let session: Session
  let graph: Graph
  let environment: EngineEnvironment
  let shared: SharedStore

  init(_ call: StoreCall, targets: [String], signals: Signals) throws {
    session = try call.session(targets: targets)
    graph = try session.graph()
    let selection = try session.selection(graph)
    let use = RemoteUse(
      cache: .rw, isRequired: true, isAskedFor: true,
      isCancelled: { signals.token.isCancelled })
    environment = try session.environment(graph, selection, readOnly: false, use: use)
    guard let shared = environment.shared else {
      throw UsageError("there is no bucket; set [AWS] s3_bucket_name")
    }
    self.shared = shared
  }

  /// The environment without the bucket.
  private var here: EngineEnvironment {
    EngineEnvironment(
      store: environment.store, programs: environment.programs,
      projectRoot: environment.projectRoot, workerPath: environment.workerPath,
      catalogue: environment.catalogue, host: environment.host, clock: environment.clock)
  }

  /// The standings of the targets, by what is here or also by what is in the bucket.
  func standings(asking: Bool) throws -> [NodeStanding] {
    let walk = try StatusWalk(graph, environment: asking ? environment : here)
    let standings = walk.walk(try session.selection(graph))
    if let failure = shared.fatalFailure { throw failure }
    return standings
  }

  /// Runs `body`; a signal ends it with its code.
  static func guarded(_ signals: Signals, _ body: () throws -> Int32) throws -> Int32 {
    do {
      return try body()
    } catch  where signals.token.isCancelled {
      return signals.code
    }
  }
}

enum StorePush {
  static func run(_ call: StoreCall) throws -> Int32 {
    let signals = try Signals()
    return try BucketCall.guarded(signals) {
      let bucket = try BucketCall(call, targets: call.words, signals: signals)
      let store = bucket.environment.store
      defer { try? store.close() }
      let names = try StepNames(store)
      let keys: [ActionKey]
      if call.arguments.has("all") {
        keys = try store.actions.keys()
      } else {
        keys = try bucket.standings(asking: false).compactMap { standing in
          if case .current(let result) = standing.standing { result.key } else { nil }
        }
      }
      let pushed = Set(keys)
      let records = try store.runs.list().filter { id in
        let holdings = try store.runs.read(id).flatMap { RunRoots.reader(id, $0) }
        return holdings?.steps.values.contains(where: pushed.contains) ?? false
      }
      var seen: Set<ActionKey> = []
      let report = try bucket.shared.push(
        keys.filter { seen.insert($0).inserted }, records: records)
      try show(report, call, bucket.shared.remote.name, names)
      return report.conflicts.isEmpty ? ExitCode.fine : ExitCode.notReproducible
    }
  }

  private static func show(
    _ report: PushReport, _ call: StoreCall, _ place: String, _ names: StepNames
  ) throws {
    for conflict in report.conflicts {
      let name = names.name(of: conflict.ours.key, conflict.ours)
      if call.isJSON {
        try call.event(
          "conflict",
          ["step": .string(name), "key": .string(conflict.ours.key.description)])
      } else {
        Console.talk(
          "\(name) is not reproducible: the bucket has other outputs for \(conflict.ours.key.digest.short); "
            + "they stay there, ours stay here")
      }
    }
    for key in report.incomplete {
      Console.talk("\(names.name(of: key)): not all of its bytes are here, so it was not sent")
    }
    if call.isJSON {
      try call.event(
        "push",
        [
          "store": .string(place), "results": .integer(Int64(report.results)),
          "same": .integer(Int64(report.same)), "blobs": .integer(Int64(report.blobs)),
          "bytes": .integer(report.bytes), "runs": .integer(Int64(report.records)),
          "conflicts": .integer(Int64(report.conflicts.count)),
        ])
    } else {
      Console.data(
        "\(place): \(Text.count(report.results, "result")), \(Text.count(report.blobs, "blob")) "
          + "(\(Text.size(report.bytes))) and \(Text.count(report.records, "run record")) sent; "
          + "\(Text.count(report.same, "result")) \(report.same == 1 ? "was" : "were") there\n")
    }
  }
}

enum StorePull {
  /// Run records that explain what changed since.
  private static let records = 10

  static func run(_ call: StoreCall) throws -> Int32 {
    let signals = try Signals()
    return try BucketCall.guarded(signals) {
      let bucket = try BucketCall(call, targets: call.words, signals: signals)
      defer { try? bucket.environment.store.close() }
      bucket.shared.setTalk { Console.talk("note: \($0)") }
      var results: [ActionResult] = []
      var absent: [String] = []
      if call.arguments.has("all") {
        results = try bucket.shared.results()
      } else {
        for standing in try bucket.standings(asking: true) {
          if case .current(let result) = standing.standing {
            results.append(result)
          } else if standing.isDue {
            absent.append(standing.name)
          }
        }
      }
      let report = try bucket.shared.pull(results)
      let records = try bucket.shared.pullRecords(most: Self.records) { _, json in
        RunRecord(json: json)?.workshop == bucket.graph.workshop
      }
      let names = try StepNames(bucket.environment.store)
      let lost = report.lost.map { key in
        names.name(of: key, results.first { $0.key == key })
      }
      try show(report, results.count, records, absent, lost, call, bucket.shared.remote.name)
      return absent.isEmpty && lost.isEmpty ? ExitCode.fine : ExitCode.outOfDate
    }
  }

  private static func show(
    _ report: PullReport, _ results: Int, _ records: Int, _ absent: [String], _ lost: [String],
    _ call: StoreCall, _ place: String
  ) throws {
    if call.isJSON {
      try call.event(
        "pull",
        [
          "store": .string(place), "results": .integer(Int64(results)),
          "blobs": .integer(Int64(report.blobs)), "bytes": .integer(report.bytes),
          "runs": .integer(Int64(records)), "absent": .array(absent.map { .string($0) }),
          "lost": .array(lost.map { .string($0) }),
        ])
      return
    }
    for name in lost { Console.talk("\(name): its bytes are lost there; a run makes them anew") }
    if !absent.isEmpty {
      let shown = absent.prefix(5).joined(separator: ", ") + (absent.count > 5 ? ", ..." : "")
      Console.talk(
        "\(Text.count(absent.count, "step")) will run, since no result is there: \(shown)")
    }
    Console.data(
      "\(place): \(Text.count(report.blobs, "blob")) (\(Text.size(report.bytes))) and "
        + "\(Text.count(records, "run record")) fetched; \(Text.count(results, "result")) here\n")
  }
}

enum StoreRemoteGC {
  /// Writers whose objects are younger may not be done.
  private static let grace: Int64 = 24 * 3_600_000

  static func run(
    _ call: StoreCall, _ session: Session, _ limits: CollectionLimits
  ) throws -> Int32 {
    var limits = limits
    limits.grace = Self.grace
    let signals = try Signals()
    return try BucketCall.guarded(signals) {
      let store = try session.store(readOnly: false)
      defer { try? store.close() }
      let shared = try session.bucket(store, signals)
      let deletes = call.arguments.has("delete")
      let tagged = Set(try StoreTags(store).all().values)
      var collection = try RemoteCollection(
        shared.remote, local: store, limits: limits, tagged: tagged, reading: RunRoots.reader)
      if deletes {
        for removal in collection.plan.results { shared.forget(removal.key) }
        try collection.sweep()
      }
      let report = GCReport(
        call: call, place: shared.remote.name, names: try StepNames(store), deletes: deletes)
      try report.list(collection.plan, collection.results)
      try report.total(
        collection.plan, besides: [("others", "other object", collection.leftovers)])
      return ExitCode.fine
    }
  }
}

enum StoreRemoteFsck {
  static func run(_ call: StoreCall, _ session: Session) throws -> Int32 {
    let signals = try Signals()
    return try BucketCall.guarded(signals) {
      let store = try session.store(readOnly: false)
      defer { try? store.close() }
      let shared = try session.bucket(store, signals)
      let names = try StepNames(store)
      var checkup = RemoteIntegrityCheck(
        shared, repairs: !call.arguments.has("dry-run"), reading: RunRoots.reader)
      let found = try checkup.run()
      return try FsckReport(call: call, place: shared.remote.name, names: names)
        .show(found, checkup.results)
    }
  }
}

extension Session {
  /// The bucket that the configuration names, behind a local store.
  fileprivate func bucket(_ store: LocalStore, _ signals: Signals) throws -> SharedStore {
    let use = RemoteUse(
      cache: .rw, isRequired: true, isAskedFor: true, isCancelled: { signals.token.isCancelled })
    guard let shared = try remote(store, use)?.shared else {
      throw UsageError("there is no bucket; set [AWS] s3_bucket_name")
    }
    return shared
  }
}
