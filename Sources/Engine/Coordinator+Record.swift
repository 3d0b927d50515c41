// The end of a run: counts, and the record that explains the next one.
import Content

extension Coordinator {
  func summarize(since start: Double) -> RunSummary {
    func count(_ status: NodeStatus) -> Int { reports.count { $0.status == status } }
    let outcome: RunSummary.Outcome =
      token.isCancelled
      ? .cancelled
      : count(.failed) > 0 || environment.shared?.fatalFailure != nil ? .failed : .ok
    var summary = RunSummary(
      id: id.description, outcome: outcome, hits: count(.hit), built: count(.built),
      failed: count(.failed),
      skipped: count(.skipped), seconds: environment.clock() - start)
    summary.irreproducible = irreproducible
    return summary
  }

  /// Writes the record, unless it would say nothing new; whether it was written.
  func record(_ summary: RunSummary, startedAt start: Double) throws -> Bool {
    // A run of hits repeats the record before it: nothing new to explain, nothing to write.
    if summary.outcome == .ok, summary.built == 0, explainer.holdsSame(reports) {
      return false
    }
    try environment.store.runs.write(
      json(of: summary, startedAt: start, reports), id: id)
    return true
  }

  /// The run record of these reports.
  func json(
    of summary: RunSummary, startedAt start: Double, _ reports: [NodeReport]
  ) -> JSONValue {
    // The key documents of what is not cached, which no result holds.
    let documents = Dictionary(
      actions.values.map { ($0.node.name, $0.document) }, uniquingKeysWith: { first, _ in first })
    var steps: [String: JSONValue] = [:]
    for report in reports {
      var json = report.json
      json["step"] = nil
      if report.status == .failed || !report.isCached {
        json["document"] = documents[report.name]?.json
      }
      steps[report.name] = .object(json)
    }
    var record: [String: JSONValue] = [
      "v": 1, "id": .string(id.description), "workshop": .string(graph.workshop),
      "startedAt": .string(CivilTime(secondsSince1970: Int64(start.rounded(.down))).iso8601),
      "seconds": .number(summary.seconds),
      "host": .string(environment.host),
      "platform": .string(KeyMaker.platform), "status": .string(summary.outcome.rawValue),
      "settings": environment.settings,
      "targets": .array(selection.targets.map { .string(graph.nodes[$0].name) }),
      "steps": .object(steps),
    ]
    if let series = options.series { record["series"] = .string(series) }
    return .object(record)
  }
}
