// `atelier store pull`: fetches what a run needs.
import Atelier
import CommandLine
import Content
import Planning
import Project
import RemoteCache
import RunDisplay
import Terminal

struct StorePull: Verb {
  let name = "pull"
  let summary = "fetch what a run needs, so that it works offline"
  let details = """
    Fetches what the targets' results need, and decisions about models; exits 3 when a result is neither here nor in the bucket.
    Without a target: the whole workshop.
    """
  let targets = Shared.targets
  let all = Flag("all", "every result, not only those of the targets")
  let json = Shared.json
  /// Run records that explain what changed since.
  private static let records = 10

  var parameters: [any Parameter] { [targets, all, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let words = call[targets]
    let isAll = call[all]
    let call = StoreCall(call: call, context: context, isJSON: call[json])
    return try Signals.guarding { signals in
      let bucket = try BucketCall(call, targets: words, signals: signals)
      defer { try? bucket.environment.store.close() }
      let output = context.output
      bucket.shared.setTalk { output.message("note: \($0)") }
      var results: [ActionResult] = []
      var absent: [String] = []
      if isAll {
        results = try bucket.shared.results()
      } else {
        for planned in try bucket.states(asking: true) {
          if case .upToDate(let result) = planned.state {
            results.append(result)
          } else if planned.isDue {
            absent.append(planned.name)
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
      let registry = try bucket.session.sharedRegistry(
        RemoteUse(isRequired: true, isAskedFor: true))
      let carried = try HeldModels.merge(registry, into: bucket.session.localRegistry())
      try Self.show(report, results.count, records, absent, lost, call, bucket.shared.remote.name)
      if let carried { output.message(carried) }
      return absent.isEmpty && lost.isEmpty ? ExitCode.success : ExitCode.outOfDate
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
    for name in lost {
      call.output.message("\(name): its bytes are lost there; a run makes them anew")
    }
    if !absent.isEmpty {
      let shown = absent.prefix(5).joined(separator: ", ") + (absent.count > 5 ? ", ..." : "")
      call.output.message(
        "\(Text.count(absent.count, "step")) will run, since no result is there: \(shown)")
    }
    try call.output.data(
      "\(place): \(Text.count(report.blobs, "blob")) (\(Text.size(report.bytes))) and "
        + "\(Text.count(records, "run record")) fetched; \(Text.count(results, "result")) here\n")
  }
}
