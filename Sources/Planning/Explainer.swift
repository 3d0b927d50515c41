// Says why a step has to run: the new key document beside that of the newest run that holds it.
import Atelier
import Content
import Execution
import Workers

/// Compares key documents with earlier runs.
///
/// Reads records only when it is asked.
package final class Explainer {
  private let environment: EngineEnvironment
  private let graph: Graph
  private let workshop: String
  private let series: String
  private var pending: [RunID]
  private var loaded: [RunRecord] = []
  /// Of other machines; asked for when none of this one holds a step.
  private var foreign: [RunRecord]?
  private let isFixed: Bool
  /// By the id of the earlier run.
  private var settings: [String: [SettingChange]] = [:]

  /// `against` fixes the run to compare with; nil means the newest that holds the step, among the
  /// workshop's own runs or those of a series.
  package init(
    environment: EngineEnvironment, graph: Graph, against: String?, series name: String? = nil
  ) throws {
    self.environment = environment
    self.graph = graph
    workshop = graph.workshop
    series = RunRecord.series(of: graph.workshop, name)
    pending = try environment.store.runs.list()
    isFixed = against != nil
    guard let against else { return }
    guard let id = RunID(against), pending.contains(id) else {
      throw EngineFailure(
        "there is no run '\(against)'; `atelier list runs -w \(graph.workshop)` shows them")
    }
    pending = [id]
  }

  /// Why a node with this document has to run.
  ///
  /// `cause` is what the lookup found, if anything.
  package func explain(
    _ node: GraphNode, _ document: KeyDocument, key: ActionKey, cause: RunCause?
  ) -> Explanation {
    guard let (record, step) = last(node.name) ?? foreignLast(node.name) else {
      return Explanation(cause: cause ?? .firstRun)
    }
    if let old = step.key, old == key {
      let found: RunCause =
        switch (cause, step.status) {
        case (let cause?, _): cause
        case (nil, "failed"): .failedBefore
        case (nil, _) where step.wasNotKept: step.hadMovedInput ? .inputMoved : .notCached
        case (nil, _): .resultMissing
        }
      return Explanation(cause: found, against: record.id)
    }
    guard let old = self.document(of: step) else {
      return Explanation(cause: cause ?? .resultMissing, against: record.id)
    }
    var explanation = Explanation(
      cause: cause?.isOfThisRun == true ? cause ?? .changed : .changed,
      changes: VersionChanges(store: environment.store).naming(
        KeyDocument.changes(from: old, to: document.json), from: old, to: document.json),
      against: record.id)
    explanation.summary = summary(of: explanation.changes, of: node, since: record)
    return explanation
  }

  /// What changed fields of a node come down to: settings, and the nodes that it follows.
  package func summary(
    of changes: [FieldChange], of node: GraphNode, since record: RunRecord
  ) -> ReasonSummary {
    let wires = Dictionary(
      node.inputs.map { ($0.description.name, $0.from.node) },
      uniquingKeysWith: { first, _ in first
      })
    return ReasonSummary(changes, settings: settingChanges(since: record)) { input in
      // `events.0.size` is about the input `events.0`.
      var name = String(input)
      while wires[name] == nil {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        name = String(name[..<dot])
      }
      return wires[name].map { self.graph.nodes[$0].name }
    }
  }

  /// The settings that are not what they were in an earlier run.
  package func settingChanges(since record: RunRecord) -> [SettingChange] {
    if let known = settings[record.id] { return known }
    let found = SettingChange.between(record.json["settings"], environment.settings)
    settings[record.id] = found
    return found
  }

  /// The newest record of this machine and workshop that holds a step with a key, and that step.
  package func last(_ name: String) -> (RunRecord, StepRecord)? {
    var position = 0
    while let record = record(at: position) {
      if let step = record.step(name), step.key != nil { return (record, step) }
      position += 1
    }
    return nil
  }

  /// The same of other machines.
  private func foreignLast(_ name: String) -> (RunRecord, StepRecord)? {
    if isFixed { return nil }
    for record in foreignRecords {
      if let step = record.step(name), step.key != nil { return (record, step) }
    }
    return nil
  }

  /// So many newest records of other machines are read, of so many seconds.
  private static let reach = (count: 4, seconds: 7 * 86_400.0)

  /// The newest records of the workshop in the shared store.
  private var foreignRecords: [RunRecord] {
    if let foreign { return foreign }
    guard let shared = environment.shared else { return [] }
    let since = environment.clock() - Self.reach.seconds
    let ids = shared.records(since: Timestamp(secondsSince1970: since))
    let records = ids.prefix(Self.reach.count).compactMap { id in
      shared.record(id).flatMap { RunRecord(json: $0) }
    }.filter { $0.series == series }
    foreign = records
    return records
  }

  /// The key document of a step of an earlier run; nil where its result is gone.
  package func document(of step: StepRecord) -> JSONValue? {
    if let document = step.document { return document }
    guard let key = step.key else { return nil }
    return (try? environment.store.actions.lookup(key))?.keyDocument
      ?? environment.shared?.keyDocument(key)
  }

  /// Whether the newest record holds these nodes with the same keys.
  package func holdsSame(_ reports: [NodeReport]) -> Bool {
    guard let newest = record(at: 0) else { return false }
    return reports.allSatisfy { report in
      switch report.status {
      case .hit:
        return newest.holds(report.name, key: report.key.map { .string($0.description) })
      case .delivered: return false
      default: return true
      }
    }
  }

  private func record(at position: Int) -> RunRecord? {
    while loaded.count <= position, let id = pending.first {
      pending.removeFirst()
      guard let json = try? environment.store.runs.read(id), let record = RunRecord(json: json),
        record.workshop == workshop, isFixed || record.series == series
      else { continue }
      loaded.append(record)
    }
    return position < loaded.count ? loaded[position] : nil
  }
}
