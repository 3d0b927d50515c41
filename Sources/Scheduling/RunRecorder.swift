// The end of a run: counts, and the record that explains the next one.
import Atelier
import Content
import Execution
import LocalStores
import Planning
import Subprocess

/// What a run leaves behind of itself.
package struct RunRecorder {
  package let id: RunID
  package let graph: Graph
  package let selection: Selection
  package let environment: EngineEnvironment
  package let series: String?
  /// The execution elsewhere whose results these are.
  package var execution: JSONValue?
  package let results: NodeResults
  /// Seconds since 1970.
  package let startedAt: Double

  /// How the run ended; `hasFailed` where a store did, whatever became of the nodes.
  package func summary(
    seconds: Double, _ token: CancellationToken, hasFailed: Bool = false
  ) -> RunSummary {
    func count(_ status: NodeStatus) -> Int { results.reports.count { $0.status == status } }
    let isWhole = count(.failed) + count(.skipped) == 0
    let outcome: RunSummary.Outcome =
      token.isCancelled
      ? .cancelled
      : isWhole && !hasFailed && environment.shared?.fatalFailure == nil ? .ok : .failed
    var summary = RunSummary(
      id: id.description, outcome: outcome, hits: count(.hit), built: count(.built),
      failed: count(.failed), skipped: count(.skipped), seconds: seconds)
    summary.irreproducible = irreproducible
    return summary
  }

  /// The steps of this run whose results lost against others.
  private var irreproducible: [String] {
    let keys = Set((environment.shared?.conflicts ?? []).map(\.ours.key))
    guard !keys.isEmpty else { return [] }
    return results.reports.filter { report in report.key.map { keys.contains($0) } ?? false }
      .map(\.name)
  }

  /// Writes the record, unless it would say nothing new; whether it was written.
  package func write(_ summary: RunSummary, unless explainer: Explainer) throws -> Bool {
    // A run of hits repeats the record before it: nothing new to explain, nothing to write.
    if summary.outcome == .ok, summary.built == 0, explainer.holdsSame(results.reports) {
      return false
    }
    try environment.store.runs.write(json(of: summary, results.reports), id: id)
    return true
  }

  /// The run record of these reports.
  package func json(of summary: RunSummary, _ reports: [NodeReport]) -> JSONValue {
    // The key documents of what is not cached, which no result holds.
    let documents = Dictionary(
      results.actions.map { (graph.nodes[$0.key].name, $0.value.document) },
      uniquingKeysWith: { first, _ in first })
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
      "startedAt": .string(CivilTime(secondsSince1970: startedAt).iso8601),
      "seconds": .number(summary.seconds),
      "host": .string(environment.host),
      "platform": .string(KeyMaker.platform), "status": .string(summary.outcome.rawValue),
      "settings": environment.settings,
      "targets": .array(selection.targets.map { .string(graph.nodes[$0].name) }),
      "steps": .object(steps),
    ]
    record.merge(KeyRecords(graph, environment).results(of: reports).results.recorded) { $1 }
    if let series { record["series"] = .string(series) }
    record["execution"] = execution
    if !environment.labels.isEmpty {
      record["labels"] = .object(environment.labels.mapValues(JSONValue.string))
    }
    return .object(record)
  }
}
