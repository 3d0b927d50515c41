// What the shared store has comes here before anything needs it. It knows no graph.
import Content
import FileTools
import LocalStores

/// What a pull did.
package struct PullReport: Sendable {
  package var blobs = 0
  /// Of the blobs.
  package var bytes: Int64 = 0
  /// Results some of whose bytes could not be had: they run again.
  package var lost: [ActionKey] = []
}

/// One pull.
struct Pull {
  private let tier: Tier

  init(_ tier: Tier) { self.tier = tier }

  /// All results that are there, by `lookup`.
  func results(
    _ lookup: @escaping @Sendable (ActionKey) throws -> ActionResult?
  ) throws -> [ActionResult] {
    let keys = try tier.outage.ask { try tier.remote.objects(.results) }.compactMap {
      object -> ActionKey? in
      if case .result(let key) = object.kind { key } else { nil }
    }
    let found = try Parallel.map(keys.count, width: tier.blobs.width, chunk: 1) { index in
      try lookup(keys[index])
    }
    if let failure = tier.outage.fatalFailure { throw failure }
    return found.compactMap(\.self)
  }

  /// Fetches every blob of some results that is not here, and makes sure that all stay.
  func run(_ results: [ActionResult]) throws -> PullReport {
    var report = PullReport()
    let outputs = results.flatMap(\.outputs.values)
    let trees = outputs.filter { $0.kind == .tree }
    var lost = try fetch(trees.map(\.blob), &report)
    var files = outputs.filter { $0.kind == .file }.map(\.blob)
    for tree in trees where !lost.contains(tree.digest) {
      files += ((try? tier.local.trees.manifest(of: tree))?.entries ?? []).map(\.blob)
    }
    lost.formUnion(try fetch(files, &report))
    if report.blobs > 0 { try tier.local.flush() }
    report.lost = try results.filter { result in
      try tier.blobs.blobs(of: result, asking: false).contains { lost.contains($0.digest) }
    }.map(\.key)
    return report
  }

  /// Those that are not there or came down wrong.
  private func fetch(_ blobs: [SizedDigest], _ report: inout PullReport) throws -> Set<Digest> {
    let (fetched, lost) = try tier.fetcher.fetchAll(blobs)
    report.blobs += fetched.count
    report.bytes = report.bytes.addingSaturated(fetched.saturatedSum(\.size))
    return lost
  }

  /// Fetches the newest run records that `isWanted` and that are not here; how many.
  ///
  /// Reads no more than ten times `most`.
  func records(most: Int, isWanted: (RunID, JSONValue) -> Bool) throws -> Int {
    var count = 0
    var wanted = 0
    let ids = try tier.outage.ask {
      try tier.remote.records(since: Timestamp(milliseconds: 0))
    }
    for id in ids.prefix(10 * most) where wanted < most {
      if let json = try tier.local.runs.read(id) {
        if isWanted(id, json) { wanted += 1 }
        continue
      }
      let bytes = try? tier.outage.ask { try tier.remote.record(id) }
      guard let json = (bytes ?? nil).flatMap({ try? JSONValue(parsing: $0) }), isWanted(id, json)
      else { continue }
      try tier.local.runs.write(json, id: id)
      wanted += 1
      count += 1
    }
    return count
  }
}
