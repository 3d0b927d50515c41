// `run --compare`: which numbers a run changed, against the last run that held the same steps.
import Content
import Execution
import Planning
import Terminal

/// Collects what a run makes and compares it with the runs before.
package final class RunComparison {
  private let comparison: OutputComparison
  private let previous: PreviousOutputs
  private let settings: JSONValue
  private var reports: [NodeReport] = []

  /// Make it before the run starts.
  package init(workshop: String, environment: EngineEnvironment) throws {
    comparison = OutputComparison(store: environment.store, shared: environment.shared)
    previous = try PreviousOutputs(workshop: workshop, environment: environment)
    settings = environment.settings
  }

  /// The settings of an earlier run that are others now: ` (Atelier.seed=3)`.
  private func otherSettings(of run: String) -> String {
    let changes = SettingChange.between(previous.settings(of: run), settings)
    guard !changes.isEmpty else { return "" }
    return " (" + changes.map { "\($0.name)=\($0.old ?? "")" }.joined(separator: ", ") + ")"
  }

  /// Remembers a step that ended with results.
  package func take(_ event: RunEvent) {
    guard case .finished(let report) = event, report.eventName == "step", !report.outputs.isEmpty
    else { return }
    reports.append(report)
  }

  /// What changed, by the names of steps and outputs, and how many steps no earlier run held.
  package func changes() -> (changed: [OutputChange], compared: Int, isNew: Int) {
    var changed: [OutputChange] = []
    var compared = 0
    for report in reports.sorted(by: { $0.name < $1.name }) {
      guard let (run, digests) = previous.outputs(of: report.name) else { continue }
      compared += 1
      for (output, record) in report.outputs.sorted(by: { $0.key < $1.key }) {
        guard let old = digests[output], old != record.digest else { continue }
        let (metrics, note) = comparison.compare(old, record)
        changed.append(
          OutputChange(
            step: report.name, output: output, run: run, old: old, new: record.digest,
            metrics: metrics, note: note))
      }
    }
    return (changed, compared, reports.count - compared)
  }
}

extension RunComparison {
  /// The comparison as text for people, with aligned numbers; `isFull` leaves nothing out.
  package func text(width: Int?, isFull: Bool) -> String {
    let (all, compared, isNew) = changes()
    let first = isNew == 0 ? "" : "; no earlier run holds \(Text.count(isNew, "other step"))"
    guard !all.isEmpty else {
      return compared == 0
        ? "compared: no earlier run holds these steps\n"
        : "compared: no output of \(Text.count(compared, "step")) changed\(first)\n"
    }
    let (changed, folded) = isFull ? (all, []) : OutputChange.fold(all)
    var text = OutputChange.text(changed, few: isFull ? Int.max : OutputChange.few, width: width)
    for (name, count) in folded { text += "\(name): \(count) outputs changed (--verbose)\n" }
    let runs = Set(all.map(\.run)).sorted()
    let against =
      runs.count == 1 ? "run \(runs[0])\(otherSettings(of: runs[0]))" : "each step's previous run"
    return text + "compared with \(against): \(Text.count(all.count, "output")) changed\(first)\n"
  }

  /// The comparison as events, a line each.
  package func json() throws -> String {
    let (changed, compared, isNew) = changes()
    let total: JSONValue = [
      "v": 1, "event": "compared", "steps": .integer(Int64(compared)),
      "changed": .integer(Int64(changed.count)), "new": .integer(Int64(isNew)),
    ]
    return try (changed.flatMap(\.events) + [total]).map { try $0.canonicalText() + "\n" }.joined()
  }
}
