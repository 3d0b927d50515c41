// `atelier store gc`: says what nobody needs, and removes it when told to.
import CommandLine
import Content
import Planning
import Project
import StoreMaintenance
import Terminal

struct StoreGC: Verb {
  let name = "gc"
  let summary = "list what is not needed; remove it with --delete"
  let details = """
    Keeps what the newest run records and the tagged ones hold, and the models of the registry that were
    not rejected or that a tier had, with all results behind them. Other results stay by their last
    use: the time at which they were written or the start of the last recorded run that holds them,
    whichever is later; a hit by itself leaves no trace. Results that lack a blob go, and blobs that
    no result needs. It refuses to remove while a run is active (5), and a run that starts meanwhile
    waits; read-only commands keep working. In a bucket nothing younger than 24 hours is removed,
    results go before blobs, and the tags that count are this machine's.
    """
  let examples = [
    Example("atelier store gc", "what could go"),
    Example("atelier store gc --delete --max-age 7d --max-size 20GB", "a small store"),
  ]
  let delete = Flag("delete", "remove what is listed")
  let keepRuns = Option(
    "keep-runs", in: 0...1_000_000,
    "keep all that the newest N run records of a workshop hold (default 10)")
  let maxAge = Option.age(
    "max-age", "other results go when unused for so long: 12h, 30d (default), 8w; 0d: all go")
  let maxSize = Option.size(
    "max-size", "other results go, the least recently used first, until the blobs are that small")
  let remote = Flag("remote", "clean the bucket or shared folder instead of the local store")
  let json = Shared.json

  var parameters: [any Parameter] { [delete, keepRuns, maxAge, maxSize, remote, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    var limits = CollectionLimits(now: .now())
    limits.keepRuns = call[keepRuns] ?? limits.keepRuns
    limits.maxAge = call[maxAge] ?? limits.maxAge
    limits.maxSize = call[maxSize]
    let deletes = call[delete]
    let call = StoreCall(call: call, context: context, isJSON: call[json])
    let session = try call.session()
    if call.call[remote] {
      return try RemoteGC.run(call, session, limits, deletes: deletes)
    }
    return try Signals.guarding { signals in
      let store = try session.store(readOnly: !deletes, alone: deletes)
      defer { try? store.close() }
      let collection = try LocalCollection(
        store, limits: limits, held: HeldModels.keys(session.localRegistry()),
        reading: RunRoots.reader)
      let report = GCReport(
        call: call, place: store.layout.root, names: try StepNames(store), deletes: deletes)
      try report.list(collection.plan)
      var leftovers = collection.leftovers
      if deletes {
        leftovers = try collection.sweep(isCancelled: { signals.token.isCancelled })
        if signals.token.isCancelled { return signals.code }
      }
      try report.total(
        collection.plan,
        besides: [
          ("trees", "tree folder", leftovers.trees), ("logs", "log", leftovers.logs),
          ("quarantined", "damaged file", leftovers.quarantined),
          ("notes", "note", leftovers.notes), ("marks", "mark", leftovers.marks),
        ])
      return ExitCode.success
    }
  }
}

/// What a collection tells people and scripts.
struct GCReport {
  let call: StoreCall
  /// The folder or the bucket.
  let place: String
  let names: StepNames
  let deletes: Bool

  /// Each result that goes: an event, or with --verbose a line.
  func list(_ plan: CollectionPlan, _ results: [ActionKey: ActionResult] = [:]) throws {
    guard call.isJSON || call.call.isVerbose else { return }
    for removal in plan.results {
      let name = names.name(of: removal.key, results[removal.key])
      if call.isJSON {
        var fields: [String: JSONValue] = [
          "step": .string(name), "key": .string(removal.key.description),
          "reason": .string(removal.reason.rawValue), "size": .integer(removal.size),
        ]
        fields["lastUse"] = removal.lastUse.map { .string($0.iso8601) }
        try call.event("remove", fields)
      } else {
        try call.output.data(
          "\(Text.pad(name, 24)) \(removal.key.digest.short)  \(Self.words(removal))\n")
      }
    }
  }

  private static func words(_ removal: CollectionPlan.Removal) -> String {
    switch removal.reason {
    case .incomplete: "incomplete: a blob of it is gone"
    case .unused: "last used \(removal.lastUse?.iso8601.prefix(10) ?? "?")"
    case .size: "last used \(removal.lastUse?.iso8601.prefix(10) ?? "?"), too large to keep"
    }
  }

  /// The sums; `besides` are further kinds of files: field, noun and count.
  func total(_ plan: CollectionPlan, besides: [(field: String, noun: String, count: Int)]) throws {
    if call.isJSON {
      var removed: [String: JSONValue] = [
        "results": .integer(Int64(plan.results.count)), "blobs": .integer(Int64(plan.blobs.count)),
        "bytes": .integer(plan.removedBytes), "runs": .integer(Int64(plan.runs.count)),
      ]
      for other in besides { removed[other.field] = .integer(Int64(other.count)) }
      try call.event(
        "gc",
        [
          "store": .string(place), "deleted": .bool(deletes), "removed": .object(removed),
          "kept": [
            "results": .integer(Int64(plan.keptResults.count)),
            "blobs": .integer(Int64(plan.keptBlobs)), "bytes": .integer(plan.keptBytes),
            "runs": .integer(Int64(plan.keptRuns.count)),
          ],
        ])
      return
    }
    let word = deletes ? "removed" : "would go"
    func row(_ name: String, _ kept: String, _ gone: String) -> String {
      Text.pad(name, 12) + Text.padLeft(kept, 22) + " kept" + Text.padLeft(gone, 22) + " \(word)\n"
    }
    var text = "\(place)\n"
    text += row("results", "\(plan.keptResults.count)", "\(plan.results.count)")
    text += row(
      "blobs", "\(plan.keptBlobs) (\(Text.size(plan.keptBytes)))",
      "\(plan.blobs.count) (\(Text.size(plan.removedBytes)))")
    text += row("run records", "\(plan.keptRuns.count)", "\(plan.runs.count)")
    let others = besides.filter { $0.count > 0 }.map { Text.count($0.count, $0.noun) }
    if !others.isEmpty { text += "and \(word): " + others.joined(separator: ", ") + "\n" }
    try call.output.data(text)
    if !deletes { call.output.message("nothing was removed: --delete does that") }
  }
}
