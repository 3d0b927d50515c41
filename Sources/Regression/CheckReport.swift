// What a check found: as a table for people and as lines of JSON.
import Atelier
import Baselines
import Content
import Execution
import Inspection
import KeyNumbers
import Planning
import Terminal

package struct CheckReport {
  package let file: CheckFile
  package let results: [EntryResult]
  /// Where an entry's bytes differ, in lines for people, by its name.
  package let details: [String: [String]]
  /// False where the baseline's digests are another platform's.
  package let comparesBytes: Bool
  package let seconds: Double
  /// The key numbers that the baseline holds, too, and the decisions.
  package let numbers: [KeyChange]
  package let verdicts: [KeyVerdict]
  private let read: [String: OutputValues]

  package init(
    _ file: CheckFile, _ run: CheckRun, _ environment: EngineEnvironment,
    _ reader: ArtifactReader, _ graph: Graph, showsRows: Bool
  ) throws {
    let order = graph.nodes.map(\.name)
    self.file = file
    let found = KeyRecords(graph, environment).results(of: run.outputs)
    verdicts = found.verdicts
    numbers = found.numbers.compactMap { number in
      guard let entry = file.baseline?.entries[number.output] else { return nil }
      let isSame = entry.bytes.digest == run.outputs[number.output]?.digest
      let old = isSame ? number.value : entry.content.numbers[number.place]
      return old.map { KeyChange(from: number.with(value: $0), to: number) }
    }
    seconds = run.summary.seconds
    let comparison = Comparison(
      file.baseline
        ?? Baseline(workshop: "", platform: KeyMaker.platform, settings: [:], entries: [:]),
      platform: KeyMaker.platform)
    comparesBytes = comparison.comparesBytes
    let artifacts = ArtifactValues(environment: environment, reader: reader)
    var read: [String: OutputValues] = [:]
    func values(_ name: String) throws -> OutputValues {
      if let known = read[name] { return known }
      guard let record = run.outputs[name] else { return OutputValues() }
      let values = try artifacts.values(of: record)
      read[name] = values
      return values
    }
    let compared = try comparison.results(run.outputs.mapValues(\.bytes), values: values)
    let shown =
      showsRows
      ? compared
      : try compared.map { result in
        guard run.outputs[result.name]?.mediaType == "text/csv" else { return result }
        // Numbers of a small table are named by their rows.
        let known = file.baseline?.entries[result.name]?.content.numbers ?? [:]
        return result.withoutRows(
          named: Set(known.keys).union(try values(result.name).numbers.keys))
      }
    results = Self.sorted(shown, by: order)
    let detail = CheckDetail(environment: environment, reader: reader, showsRows: showsRows)
    var details: [String: [String]] = [:]
    for result in results where result.verdict == .moved {
      guard let old = file.baseline?.entries[result.name]?.bytes,
        let new = run.outputs[result.name], old.digest != new.digest
      else { continue }
      details[result.name] = detail.lines(old, new)
    }
    self.details = details
    // What an update needs beside: also texts that the baseline did not keep yet.
    for (name, entry) in file.baseline?.entries ?? [:]
    where entry.content.texts == nil && !entry.content.isEmpty && run.outputs[name] != nil {
      _ = try values(name)
    }
    for result in results where result.verdict == .extra || result.verdict == .renamed {
      _ = try values(result.newName ?? result.name)
    }
    self.read = read
  }

  /// Causes first: what is upstream in the graph before what follows from it.
  private static func sorted(_ results: [EntryResult], by order: [String]) -> [EntryResult] {
    let positions = Dictionary(zip(order, order.indices)) { first, _ in first }
    func position(_ result: EntryResult) -> Int {
      let name = result.newName ?? result.name
      let step = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
      return positions[step] ?? order.count
    }
    return results.enumerated().sorted {
      (position($0.element), $0.offset) < (position($1.element), $1.offset)
    }.map(\.element)
  }

  /// The values of an output that were read for the comparison.
  package func values(_ name: String) -> OutputValues { read[name] ?? OutputValues() }

  package var isRegression: Bool { results.contains { $0.verdict.isRegression } }

  /// How many entries ended how.
  package func count(_ verdict: EntryVerdict) -> Int { results.count { $0.verdict == verdict } }

  /// The counts that are not zero, in words.
  package var counts: String {
    let words: [(EntryVerdict, String)] = [
      (.same, "same"), (.within, "within tolerance"), (.moved, "moved"), (.missing, "missing"),
      (.extra, "extra"), (.renamed, "renamed"), (.notComparable, "not comparable here"),
    ]
    let parts = words.compactMap { verdict, word in
      count(verdict) == 0 ? nil : "\(count(verdict)) \(word)"
    }
    return parts.isEmpty ? "no output" : parts.joined(separator: ", ")
  }
}

extension EntryResult {
  /// The result with findings about single rows as one that counts them.
  func withoutRows(named names: Set<String>) -> EntryResult {
    let own = findings.filter { !names.contains($0.value) }
    let rows = findings.filter { names.contains($0.value) }
    guard !rows.isEmpty else { return self }
    let worst = rows.contains { $0.verdict == .moved } ? EntryVerdict.moved : rows[0].verdict
    let sum = Finding(
      value: Text.count(rows.count, "number") + " of rows", was: "left out", new: "left out",
      tolerance: rows[0].tolerance, verdict: worst)
    return EntryResult(name: name, verdict: verdict, findings: own + [sum], newName: newName)
  }
}

/// One line of the table.
package struct CheckRow {
  package static let columns = ["output", "value", "was", "is", "moved by", "tolerance", "verdict"]
  package let cells: [String]

  /// The rows of an entry; none where it is the same.
  package static func rows(_ result: EntryResult) -> [CheckRow] {
    switch result.verdict {
    case .same: return []
    case .missing: return [CheckRow(result.name, "output", "there", "missing", .missing)]
    case .extra: return [CheckRow(result.name, "output", "not there", "there", .extra)]
    case .renamed:
      return [CheckRow(result.name, "output", result.name, result.newName ?? "", .renamed)]
    case .within where result.findings.isEmpty:
      return [CheckRow(result.name, "bytes", "", "others, but no value moved", .within)]
    case .within, .moved, .notComparable: return result.findings.map { CheckRow(result.name, $0) }
    }
  }

  private init(
    _ name: String, _ value: String, _ was: String, _ new: String, _ verdict: EntryVerdict
  ) {
    cells = [name, value, was, new, "", "", verdict.rawValue]
  }

  private init(_ name: String, _ finding: Finding) {
    let change = MetricChange(
      name: finding.value, old: Self.number(finding.was), new: Self.number(finding.new))
    let moved =
      finding.was?.number == nil || finding.new?.number == nil
      ? ""
      : (change.difference ?? "") + (change.percentText.map { " (\($0))" } ?? "")
    cells = [
      name, finding.value, Self.text(finding.was), Self.text(finding.new), moved,
      Self.text(finding.tolerance), finding.verdict.rawValue,
    ]
  }

  private static func number(_ value: JSONValue?) -> String? {
    value?.number == nil ? nil : value.flatMap { try? $0.canonicalText() }
  }

  private static func text(_ value: JSONValue?) -> String {
    guard let value else { return "(none)" }
    guard let text = value.string else { return (try? value.canonicalText()) ?? "?" }
    return Digest(text).map { "sha256:" + $0.short } ?? text
  }

  /// `exact`, `0.01`, `1 %`, or the wider of both.
  private static func text(_ tolerance: Tolerance?) -> String {
    guard let tolerance else { return "exact" }
    func text(_ value: Double) -> String { (try? JSONValue.number(value).canonicalText()) ?? "?" }
    var parts: [String] = []
    if tolerance.absolute > 0 { parts.append(text(tolerance.absolute)) }
    if tolerance.relative > 0 { parts.append(text(tolerance.relative * 100) + " %") }
    return parts.isEmpty ? "exact" : parts.joined(separator: " or ")
  }
}

extension CheckReport {
  /// So many values of an entry are shown unless everything is asked for.
  private static let few = 8

  /// The report as text for people; `isFull` leaves nothing out.
  package func text(width: Int?, isFull: Bool) -> String {
    var rows: [[String]] = []
    var notes = ""
    for result in results {
      let all = CheckRow.rows(result).map(\.cells)
      let shown = isFull ? all : Array(all.prefix(Self.few))
      rows += shown
      if all.count > shown.count {
        notes += "... \(all.count - shown.count) more values of \(result.name) (--verbose)\n"
      }
    }
    var text =
      rows.isEmpty
      ? ""
      : Table(columns: CheckRow.columns, rows: rows).text(limit: rows.count, width: width)
    text += notes
    for result in results {
      guard let lines = details[result.name] else { continue }
      text += "\(result.name)\n" + lines.map { "    \(DisplayText.clean($0))\n" }.joined()
    }
    if let platform = file.baseline?.platform, !comparesBytes {
      text +=
        "the digests are those of \(platform), this is \(KeyMaker.platform): "
        + "bytes are not comparable here\n"
    }
    for line in keyLines { text += DisplayText.clean(line) + "\n" }
    return text + "\(file.shown): \(counts)\n"
  }

  /// The key numbers beside the baseline's, and the decisions, a line each.
  package var keyLines: [String] { numbers.map(\.sentence) + verdicts.map(\.sentence) }

  /// How what differs is accepted, where it is meant to be; nil where nothing differs.
  package var advice: String? {
    let others = results.count { ![.same, .within, .notComparable].contains($0.verdict) }
    guard let baseline = file.baseline, others > 0 else { return nil }
    let option = file.name == "small" ? "" : " --baseline \(file.name)"
    return
      "\(Text.count(others, "output")) \(others == 1 ? "differs" : "differ"). Meant? "
      + "`atelier check \(baseline.workshop)\(option) --update` writes the outputs as they are now into "
      + "the baseline"
  }

  /// The report as events, a line each; what is the same has none.
  package func json(updated: Bool) -> String {
    var lines: [JSONValue] = results.filter { $0.verdict != .same }.map { result in
      var fields: [String: JSONValue] = [
        "v": 1, "event": "check", "output": .string(result.name),
        "verdict": .string(result.verdict.rawValue),
        "values": .array(result.findings.map(Self.json)),
      ]
      if let name = result.newName { fields["now"] = .string(name) }
      if let lines = details[result.name] {
        fields["details"] = .array(lines.map { .string($0) })
      }
      return .object(fields)
    }
    lines += numbers.map { change in
      .object(
        change.new.event.merging([
          "was": .number(change.old.value), "verdict": .string(change.verdict.rawValue),
        ]) { $1 })
    }
    lines += verdicts.map { .object($0.event) }
    lines.append([
      "v": 1, "event": "checked", "baseline": .string(file.shown),
      "status": isRegression ? "regression" : "ok", "updated": .bool(updated),
      "same": .integer(Int64(count(.same))), "within": .integer(Int64(count(.within))),
      "moved": .integer(Int64(count(.moved))), "missing": .integer(Int64(count(.missing))),
      "extra": .integer(Int64(count(.extra))), "renamed": .integer(Int64(count(.renamed))),
      "notComparable": .integer(Int64(count(.notComparable))),
    ])
    return lines.compactMap { try? $0.canonicalText() + "\n" }.joined()
  }

  private static func json(_ finding: Finding) -> JSONValue {
    var fields: [String: JSONValue] = [
      "value": .string(finding.value), "was": finding.was ?? .null, "is": finding.new ?? .null,
      "verdict": .string(finding.verdict.rawValue),
    ]
    if let a = finding.was?.number, let b = finding.new?.number { fields["moved"] = .number(b - a) }
    if let tolerance = finding.tolerance {
      fields["tolerance"] = [
        "absolute": .number(tolerance.absolute), "relative": .number(tolerance.relative),
      ]
    }
    return .object(fields)
  }
}
