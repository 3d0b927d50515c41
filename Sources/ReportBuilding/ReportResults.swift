// The first screen of a report: key numbers, decisions, and what was changed since the run before.
import Atelier
import Content
import Execution
import Inspection
import KeyNumbers
import Planning
import Report
import Terminal

/// Reads what a run came to and what was changed before it.
package struct ReportResults {
  /// So many causes beside settings are shown.
  private static let mostCauses = 8

  private let record: RunRecord
  private let previous: RunRecord?
  private let causes: RunCauses?
  private let results: KeyResults

  package init(_ record: RunRecord, previous: RunRecord?, _ records: KeyRecords) {
    self.record = record
    self.previous = previous
    results = records.results(of: record)
    causes = previous.map { RunCauses($0, record) { records.results(of: $0) } }
  }

  package var decisions: [ShownDecision] {
    results.verdicts.map { ShownDecision(sentence: $0.sentence, isYes: $0.choice) }
  }

  package var cards: [KeyCard] { results.numbers.map(card) }

  private func card(_ number: KeyFigure) -> KeyCard {
    let change = causes?.numbers.first { $0.new.name == number.name }
    var notes: [String] = []
    if let target = number.target {
      notes.append(
        "target \(number.text(of: target)) \(number.meetsTarget == true ? "met" : "missed")")
    }
    if let reference = number.reference {
      notes.append("\(reference.name) \(number.text(of: reference.value))")
    }
    return KeyCard(
      name: number.name, value: change?.texts.new ?? number.text,
      change: change?.difference ?? "",
      verdict: change?.verdict ?? .same,
      notes: notes, isBad: number.meetsTarget == false || number.isBehindReference)
  }

  package var changes: [ShownChange] {
    (causes?.settings ?? []).map {
      ShownChange(
        name: $0.name, old: PlainPaths.hidden($0.old ?? ""), new: PlainPaths.hidden($0.new ?? ""))
    }
  }

  /// Sources whose bytes are others, and the fields of steps that no setting and no step explains.
  package var otherCauses: [String] {
    guard let previous else { return [] }
    var found = sources(since: previous)
    // Settings explain parameters.
    let hasSettings = causes?.settings.isEmpty == false
    for (name, step) in (record.json["steps"]?.object ?? [:]).sorted(by: { $0.key < $1.key })
    where step["cause"] == "changed" {
      for reason in step["reasons"]?.array ?? [] {
        guard let field = reason["field"]?.string, !field.hasPrefix("inputs."),
          !hasSettings || !field.hasPrefix("parameters.")
        else { continue }
        let text =
          field.hasPrefix("parameters.")
          ? "\(Text.withoutNumber(name)): \(field)" : Self.plain(field)
        if !found.contains(text) { found.append(text) }
      }
    }
    let more = found.count - Self.mostCauses
    return more > 0 ? found.prefix(Self.mostCauses) + ["\(more) more"] : found
  }

  private func sources(since previous: RunRecord) -> [String] {
    let before = previous.json["steps"]?.object ?? [:]
    let changed = (record.json["steps"]?.object ?? [:]).filter { name, step in
      guard step["status"] == "source", let old = before[name] else { return false }
      return old["outputs"] != step["outputs"]
    }
    return ReasonSummary.folded(changed.keys.sorted()).map { "source \($0)" }
  }

  /// `code of Train/Trial.swift` of `code.Train/Trial.swift`.
  private static func plain(_ field: String) -> String {
    for kind in ["code", "sql", "scripts", "programs", "packages", "build", "runtime"]
    where field.hasPrefix(kind + ".") {
      return "\(kind) of \(field.dropFirst(kind.count + 1))"
    }
    return field
  }
}
