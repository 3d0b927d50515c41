// What a run came to, said at its end: key numbers beside those of the run before, and decisions.
import Atelier
import Content
import Execution
import KeyNumbers
import Planning
import Project
import Terminal

/// Collects the reports of a run and words what its results come to.
final class RunOutcome {
  private let records: KeyRecords
  private let previous: RunRecord?
  private var reports: [String: NodeReport] = [:]
  /// What these reports come to, once it was read.
  private var known: (results: KeyResults, problems: [String])?

  /// Make it before the run starts; nil where the workshop declares nothing to say.
  init?(_ graph: Graph, _ environment: EngineEnvironment) {
    if graph.keys.isEmpty { return nil }
    records = KeyRecords(graph, environment)
    previous = RunRecord.newestWithResults(of: graph.workshop, in: environment.store.runs)
  }

  /// Remembers how a node ended; of several reports the last one counts.
  func take(_ event: RunEvent) {
    guard case .finished(let report) = event else { return }
    reports[report.name] = report
    known = nil
  }

  private var found: (results: KeyResults, problems: [String]) {
    if let known { return known }
    let read = records.results(of: Array(reports.values))
    known = read
    return read
  }

  /// The lines below the summary: numbers, decisions, and what could not be read.
  func lines(width: Int?) -> [String] {
    let (results, problems) = found
    return results.lines(previous: previous?.keyResults, width: width)
      + problems.map { "warning: \($0)" }
  }

  /// Each key number that is not what it was, for `--compare`: a line each.
  var changes: String {
    guard let before = previous?.keyResults else { return "" }
    return found.results.changes(from: before).filter { $0.verdict != .same }
      .map { DisplayText.clean($0.sentence) + "\n" }.joined()
  }

  /// The commands that show more, for a person at a terminal; empty where there is nothing to show.
  func hint(_ session: Session) -> [String] {
    let results = found.results
    guard let step = results.numbers.first?.output.split(separator: ".").dropLast() else {
      return []
    }
    let name = session.path(of: step.joined(separator: "."))
    let option = session.option
    return [
      "more: atelier show \(name)" + (previous == nil ? "" : " | atelier diff\(option)")
        + " | atelier report\(option.isEmpty ? "" : " " + session.workshop.name)"
    ]
  }

  /// An event for each number and each decision.
  func json() throws -> String {
    let results = found.results
    let before = previous?.keyResults
    let numbers: [JSONValue] = results.numbers.map { number in
      var fields = number.event
      fields["was"] = before?.number(number.name).map { .number($0.value) } ?? .null
      fields["meetsTarget"] = number.meetsTarget.map { .bool($0) }
      return .object(fields)
    }
    let verdicts = results.verdicts.map { JSONValue.object($0.event) }
    return try (numbers + verdicts).map { try $0.canonicalText() + "\n" }.joined()
  }
}

extension RunOutcome {
  /// The lines of the newest record, for a run that found all of it to be current; empty where that record
  /// is of other settings.
  static func recorded(_ session: Session, width: Int?) -> [String] {
    guard let store = try? session.store(readOnly: true),
      let record = RunRecord.newestWithResults(of: session.workshop.name, in: store.runs),
      record.json["settings"] == session.recordedSettings
    else { return [] }
    return record.keyResults.lines(previous: nil, width: width)
  }
}
