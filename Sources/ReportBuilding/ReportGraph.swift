// The steps of a run in groups, wired as the workshop wires them.
import Atelier
import Content
import Execution
import Inspection
import Planning
import Project
import Report
import RunDisplay
import Terminal

package struct ReportGraph {
  /// More boxes than these cannot be read; stages stand for them then.
  private static let mostBoxes = 80
  private static let mostReasons = 12
  private static let mostLines = 6
  private static let logLines = 30

  private let record: RunRecord
  private let graph: Graph
  private let catalogue: RunCatalogue

  package init(_ record: RunRecord, _ graph: Graph, _ catalogue: RunCatalogue) {
    self.record = record
    self.graph = graph
    self.catalogue = catalogue
  }

  /// The groups and their wires, and what the drawing leaves out.
  package func groups() -> (StepGraph, notes: [String]) {
    let names = RunResults.order(record, graph)
    let families = RunResults.families(names)
    func family(_ name: String) -> String {
      let base = Text.withoutNumber(name)
      return families.contains(base) ? "\(base).*" : name
    }
    var notes: [String] = []
    var keys = names.map(family)
    if Set(keys).count > Self.mostBoxes {
      notes.append(
        "The run has \(Set(keys).count) groups of steps; here each stage is one of them.")
      keys = names.map { "\(Self.stage($0)).*" }
    }
    var places: [String: Int] = [:]
    var members: [(name: String, steps: [String])] = []
    for (name, key) in zip(names, keys) {
      if let place = places[key] {
        members[place].steps.append(name)
      } else {
        places[key] = members.count
        members.append((key, [name]))
      }
    }
    var result = StepGraph()
    result.stages = graph.stages.map { ($0.name, $0.summary) }
    result.groups = members.map(group)
    let place = Dictionary(uniqueKeysWithValues: zip(names, keys)).compactMapValues { places[$0] }
    var wires: Set<StepGraph.Wire> = []
    var back = 0
    for node in graph.nodes {
      guard let to = place[node.name] else { continue }
      for from in node.dependencies.compactMap({ place[graph.nodes[$0].name] }) where from != to {
        if from < to { wires.insert(.init(from: from, to: to)) } else { back += 1 }
      }
    }
    result.wires = wires.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    if back > 0 {
      notes.append("\(Text.count(back, "wire")) between members of groups are not drawn.")
    }
    let strange = Set(names).subtracting(graph.nodes.map(\.name)).count
    if strange > 0 {
      notes.append(
        "The workshop as it is now lacks \(Text.count(strange, "step")) of the run; "
          + "without wires in the drawing.")
    }
    return (result, notes)
  }

  private static func stage(_ name: String) -> String { String(name.prefix { $0 != "." }) }

  private func group(_ name: String, _ steps: [String]) -> StepGroup {
    // The parameters of many would fill the page.
    let entries = steps.map { entry($0, isAlone: steps.count == 1) }
    let seconds = steps.compactMap(seconds).reduce(0, +)
    return StepGroup(
      name: name, stage: Self.stage(name), time: seconds > 0 ? Text.seconds(seconds) : "",
      steps: entries)
  }

  /// The time of a step that ran.
  private func seconds(_ name: String) -> Double? {
    guard let step = record.step(name), ["built", "failed"].contains(step.status) else {
      return nil
    }
    return step.seconds
  }

  private func entry(_ name: String, isAlone: Bool) -> StepEntry {
    let json = record.json["steps"]?[name]
    let status = json?["status"]?.string.flatMap(StepStatus.init) ?? .unknown
    var entry = StepEntry(
      name: name, status: status, time: seconds(name).map(Text.seconds) ?? "")
    if json?["from"] == "remote" { entry.cause = "from the shared store" }
    if let cause = json?["cause"]?.string.flatMap(RunCause.init) { entry.cause = cause.words }
    let changes = (json?["reasons"]?.array ?? []).compactMap { reason in
      reason["field"]?.string.map {
        FieldChange(field: $0, old: Self.side(reason["old"]), new: Self.side(reason["new"]))
      }
    }
    var fields = changes.prefix(Self.mostReasons).map(Self.reason)
    let more = changes.count - fields.count
    if more > 0 { fields.append("... \(Text.count(more, "more field"))") }
    let settings = (json?["settings"]?.array ?? []).compactMap { change in
      change["name"]?.string.map {
        SettingChange(name: $0, old: change["old"]?.string, new: change["new"]?.string).text
      }
    }
    let follows = (json?["follows"]?.array ?? []).compactMap(\.string)
    entry.reasons = settings.map(PlainPaths.hidden)
    if !follows.isEmpty { entry.reasons.append("follows \(Text.few(follows))") }
    // Where neither a setting nor another step explains it, the fields are the reason.
    if entry.reasons.isEmpty { entry.reasons = fields } else { entry.fields = fields }
    entry.message = json?["message"]?.string.map(clean)
    entry.warnings = (json?["warnings"]?.array ?? []).compactMap(\.string).map(clean)
    guard let step = record.step(name) else { return entry }
    if status == .failed, let key = step.key { entry.log = log(key) }
    if isAlone, let parameters = catalogue.document(of: step)?["parameters"], parameters != [:] {
      entry.parameters = try? parameters.canonicalText()
    }
    return entry
  }

  /// One changed field; of two long texts the first lines that differ.
  private static func reason(_ change: FieldChange) -> String {
    let lines = Text.change(change).map { $0.count > 160 ? $0.prefix(159) + "\u{2026}" : $0 }
    let more = lines.count - mostLines
    return lines.prefix(mostLines).joined(separator: "\n")
      + (more > 0 ? "\n  ... \(Text.count(more, "more line"))" : "")
  }

  /// A side of a change; null stands for one that lacked the field.
  private static func side(_ value: JSONValue?) -> JSONValue? { value == .null ? nil : value }

  /// Words of the engine or of a program, without escape sequences and folders of this machine.
  private func clean(_ text: String) -> String {
    // What lies in the store is called by its place there: a delivery, say.
    let root = catalogue.store.layout.root
    let plain = text.replacing(root + "/.atelier/", with: "/store/.atelier/")
      .replacing(root + "/", with: "")
    return TextLines.of(plain)
      .map { PlainPaths.hidden(DisplayText.clean(String($0))) }.joined(separator: "\n")
  }

  /// The last lines of a log on this machine.
  private func log(_ key: ActionKey) -> [String] {
    let path = catalogue.store.layout.log(key)
    var tail: [UInt8] = []
    guard FileSystem.isFile(path) else { return [] }
    // A log may be long; its lines are of programs, and may be, too.
    try? FileSystem.read(path) { block in
      tail += block
      if tail.count > 1 << 17 { tail.removeFirst(tail.count - 1 << 16) }
    }
    return String(decoding: tail, as: UTF8.self).split(whereSeparator: \.isNewline)
      .suffix(Self.logLines).map { clean(String($0)) }
  }
}
