// Says why a step has to run: the new key document beside that of the newest run that holds it.
import Atelier
import Content
import Stores

/// Compares key documents with earlier runs.
///
/// Reads records only when it is asked.
final class Explainer {
  private let environment: EngineEnvironment
  private let workshop: String
  private var pending: [RunID]
  private var loaded: [RunRecord] = []

  /// `against` fixes the run to compare with; nil means the newest that holds the step.
  init(environment: EngineEnvironment, graph: Graph, against: String?) throws {
    self.environment = environment
    workshop = graph.workshop
    pending = try environment.store.runs.list()
    guard let against else { return }
    guard let id = RunID(against), pending.contains(id) else {
      throw EngineFailure("there is no run '\(against)'; `atelier list runs` shows them")
    }
    pending = [id]
  }

  /// Why a node with this document has to run.
  ///
  /// `cause` is what the lookup found, if anything.
  func explain(
    _ node: GraphNode, _ document: KeyDocument, key: ActionKey, cause: RunCause?
  ) -> Explanation {
    guard let (record, step) = last(node.name) else {
      return Explanation(cause: cause ?? .firstRun)
    }
    if let old = step.key, old == key {
      let found: RunCause =
        switch (cause, step.status) {
        case (let cause?, _): cause
        case (nil, "failed"): .failedBefore
        case (nil, "built"): step.document == nil ? .resultMissing : .notCached
        case (nil, _): .resultMissing
        }
      return Explanation(cause: found, against: record.id)
    }
    guard let old = self.document(of: step) else {
      return Explanation(cause: cause ?? .resultMissing, against: record.id)
    }
    return Explanation(
      cause: cause == .cacheOff ? .cacheOff : .changed,
      changes: KeyDocument.changes(from: old, to: document.json), against: record.id)
  }

  /// The newest record of this workshop that holds a step with a key, and that step.
  func last(_ name: String) -> (RunRecord, StepRecord)? {
    var position = 0
    while let record = record(at: position) {
      if let step = record.step(name), step.key != nil { return (record, step) }
      position += 1
    }
    return nil
  }

  /// The key document of a step of an earlier run; nil where its result is gone.
  func document(of step: StepRecord) -> JSONValue? {
    if let document = step.document { return document }
    guard let key = step.key else { return nil }
    return (try? environment.store.actions.lookup(key))?.keyDocument
  }

  /// Whether the newest record holds these nodes with the same keys.
  func holdsSame(_ reports: [NodeReport]) -> Bool {
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
        record.workshop == workshop
      else { continue }
      loaded.append(record)
    }
    return position < loaded.count ? loaded[position] : nil
  }
}
