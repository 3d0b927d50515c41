// The steps of one recorded run, with what each was made from. It reads results and no bytes of artifacts.
import Content
import LocalStores
import Models
import Planning
import RemoteCache

/// Results of actions, each read once.
package final class KnownResults {
  private let store: LocalStore
  private let shared: SharedStore?
  private var known: [ActionKey: ActionResult?] = [:]

  /// The results of a store and of the one that machines share.
  package init(_ store: LocalStore, _ shared: SharedStore?) {
    self.store = store
    self.shared = shared
  }

  /// The result of an action; nil where it is gone.
  func result(_ key: ActionKey) throws -> ActionResult? {
    if let known = known[key] { return known }
    let found = try store.actions.lookup(key) ?? shared?.lookup(key)
    known[key] = .some(found)
    return found
  }
}

/// A step of a run whose result is there.
struct RunStep {
  let name: String
  let result: ActionResult
  let document: KeyDocument
  /// What it read, by digest.
  let inputs: Set<Digest>
}

/// The steps of a run.
struct RunSteps {
  let record: RunRecord
  let steps: [String: RunStep]
  /// The steps that made each digest.
  private let makers: [Digest: [String]]
  /// What the record calls data that no step made.
  private let sources: [Digest: String]

  /// The steps of a record; those whose result is gone, or was not kept for others, are left out.
  init(_ record: RunRecord, _ results: KnownResults) throws {
    self.record = record
    var steps: [String: RunStep] = [:]
    var makers: [Digest: [String]] = [:]
    var sources: [Digest: String] = [:]
    for (name, json) in (record.json["steps"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let step = record.step(name), let key = step.key else {
        for output in (json["outputs"]?.object ?? [:]).values {
          if let digest = output["digest"]?.string.flatMap({ Digest($0) }) {
            sources[digest] = name
          }
        }
        continue
      }
      guard ["built", "hit"].contains(step.status), !step.wasNotKept,
        let result = try results.result(key),
        let document = result.keyDocument.flatMap({ try? KeyDocument(json: $0) })
      else { continue }
      steps[name] = RunStep(
        name: name, result: result, document: document,
        inputs: Set(document.inputs.values.map(\.digest)))
      for output in result.outputs.values { makers[output.digest, default: []].append(name) }
    }
    self.steps = steps
    self.makers = makers
    self.sources = sources
  }

  /// The steps, in the order of their names, that read an output of another step.
  func readers(of digest: Digest) -> [RunStep] {
    steps.values.filter { $0.inputs.contains(digest) }.sorted { $0.name < $1.name }
  }

  /// What made a step's result: itself and all steps before it, nearest first, and the data from outside.
  func ancestry(of step: RunStep) throws -> (steps: [LineageStep], sources: [LineageSource]) {
    var found: [LineageStep] = []
    var data: [Digest: LineageSource] = [:]
    var queue = [step.name]
    var seen = Set(queue)
    var position = 0
    while position < queue.count {
      let name = queue[position]
      position += 1
      guard let step = steps[name] else { continue }
      found.append(try Self.lineage(of: step))
      for input in step.document.inputs.values.sorted(by: { $0.digest < $1.digest }) {
        let before = (makers[input.digest] ?? []).filter { $0 != name }
        if before.isEmpty {
          data[input.digest] = LineageSource(
            name: sources[input.digest] ?? input.fileName, digest: input.digest, size: input.size)
        }
        for maker in before where seen.insert(maker).inserted { queue.append(maker) }
      }
    }
    return (found, data.values.sorted { ($0.name, $0.digest) < ($1.name, $1.digest) })
  }

  private static func lineage(of step: RunStep) throws -> LineageStep {
    LineageStep(
      name: step.name, key: step.result.key,
      kind: "\(step.document.family).\(step.document.step)",
      code: try Digest.of(step.document.code.text),
      programs: step.document.programs.mapValues(\.digest))
  }
}
