// `atelier store push`: sends what the bucket lacks.
import Atelier
import CommandLine
import Content
import Planning
import Project
import RemoteCache
import StoreMaintenance
import Terminal

struct StorePush: Verb {
  let name = "push"
  let summary = "send the results that the bucket lacks"
  let details = """
    Sends results, their bytes, their run records and decisions about models that the bucket lacks; other outputs of the same
    key there stay, are named, and end it with 4. Without a target: the whole workshop.
    """
  let examples = [
    Example("atelier store push week3", "share results that were made with store = local")
  ]
  let targets = Shared.targets
  let all = Flag("all", "every result, not only those of the targets")
  let json = Shared.json

  var parameters: [any Parameter] { [targets, all, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let words = call[targets]
    let isAll = call[all]
    let call = StoreCall(call: call, context: context, isJSON: call[json])
    return try Signals.guarding { signals in
      let bucket = try BucketCall(call, targets: words, signals: signals)
      let store = bucket.environment.store
      defer { try? store.close() }
      let names = try StepNames(store)
      let keys: [ActionKey]
      if isAll {
        keys = try store.actions.keys()
      } else {
        keys = try bucket.states(asking: false).compactMap { planned in
          if case .upToDate(let result) = planned.state { result.key } else { nil }
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
      let registry = try bucket.session.sharedRegistry(
        RemoteUse(isRequired: true, isAskedFor: true))
      let carried = try HeldModels.merge(bucket.session.localRegistry(), into: registry)
      try Self.show(report, call, bucket.shared.remote.name, names)
      if let carried { call.output.message(carried) }
      return report.conflicts.isEmpty ? ExitCode.success : ExitCode.notReproducible
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
        call.output.error(
          "\(name) is not reproducible: the bucket has other outputs for \(conflict.ours.key.digest.short); "
            + "they stay there, ours stay here")
      }
    }
    for key in report.incomplete {
      call.output.error("\(names.name(of: key)): not all of its bytes are here, so it was not sent")
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
      try call.output.data(
        "\(place): \(Text.count(report.results, "result")), \(Text.count(report.blobs, "blob")) "
          + "(\(Text.size(report.bytes))) and \(Text.count(report.records, "run record")) sent; "
          + "\(Text.count(report.same, "result")) \(report.same == 1 ? "was" : "were") there\n")
    }
  }
}
