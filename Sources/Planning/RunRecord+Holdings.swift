// What a run record keeps alive, and which steps it knows keys by.
import Content
import LocalStores
import StoreMaintenance

extension RunRoots {
  /// Reads a run record's JSON.
  package static let reader: Reader = { id, json in
    guard let record = RunRecord(json: json) else { return nil }
    var steps: [String: ActionKey] = [:]
    var uncachedOutputs: Set<Digest> = []
    for (name, step) in json["steps"]?.object ?? [:] {
      if let key = step["key"]?.string.flatMap({ Digest($0) }) { steps[name] = ActionKey(key) }
      guard step["cached"] == false else { continue }
      for output in (step["outputs"]?.object ?? [:]).values {
        if let digest = output["digest"]?.string.flatMap({ Digest($0) }) {
          uncachedOutputs.insert(digest)
        }
      }
    }
    return RunRoots(id: id, group: record.series, steps: steps, uncachedOutputs: uncachedOutputs)
  }
}

/// What people call the steps behind action keys.
package struct StepNames: Sendable {
  private var names: [ActionKey: String] = [:]
  private let store: LocalStore

  /// Reads the run records of a store; a newer one's names count.
  package init(_ store: LocalStore) throws {
    self.store = store
    for id in try store.runs.list() {
      guard let roots = try store.runs.read(id).flatMap({ RunRoots.reader(id, $0) }) else {
        continue
      }
      add(roots)
    }
  }

  /// Adds the names of a record that is older than those before it.
  package mutating func add(_ roots: RunRoots) {
    for (name, key) in roots.steps where names[key] == nil { names[key] = name }
  }

  /// The name by a run record, else the kind of step that the result's key document tells.
  ///
  /// Ask before the result is removed.
  package func name(of key: ActionKey, _ result: ActionResult? = nil) -> String {
    if let name = names[key] { return name }
    let known = result ?? (try? store.actions.lookup(key))
    guard let document = known?.keyDocument, let family = document["family"]?.string,
      let step = document["step"]?.string
    else { return "an unknown step" }
    return "\(family).\(step)"
  }
}
