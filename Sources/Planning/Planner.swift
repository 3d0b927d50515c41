// What a run would do, found without running: the same resolver, and no step is started.
import Atelier
import AtelierStep
import Content
import Effects
import Execution
import Workers

/// What is known of a node before a run.
package enum PlannedState: Sendable {
  /// Its result is there.
  case upToDate(ActionResult)
  /// It would run, for this reason.
  case stale(Explanation)
  /// An input is not known yet: these nodes come first.
  case blocked(by: [String])
  /// A source of this machine.
  case source
  /// It lies in an arm that is not taken.
  case notTaken
  /// A delivery or an ingestion that is to write.
  case due(PlannedEffect)
  /// A branch whose decision is known, or a delivery or an ingestion that is made already.
  case derived
  /// It cannot be resolved: a missing source or program.
  case unresolvable(String)
}

/// What a run would write beside the store.
package struct PlannedEffect: Sendable, Hashable {
  package enum Kind: String, Sendable { case deliver, ingest }
  package let kind: Kind
  /// Where people find it.
  package let place: String
  package let reason: String
}

/// One node as a run would find it.
package struct PlannedNode: Sendable {
  package let name: String
  package let state: PlannedState
  /// Seconds it took last time, where that is known.
  package let lastSeconds: Double?
  package let key: ActionKey?
  /// The fields known to differ although the node waits.
  package let document: KeyDocument?
}

extension PlannedNode {
  /// The same for a run that takes its result from another step of the same key.
  package func waiting(for twin: String) -> PlannedNode {
    PlannedNode(
      name: name, state: .blocked(by: [twin]), lastSeconds: lastSeconds, key: key,
      document: document)
  }

  /// The same for a run with the cache off, where no result counts.
  package var withCacheOff: PlannedNode {
    guard case .upToDate = state else { return self }
    return PlannedNode(
      name: name, state: .stale(Explanation(cause: .cacheOff)), lastSeconds: lastSeconds,
      key: key, document: document)
  }
}

/// Resolves nodes in graph order without running any.
package final class Planner {
  private let graph: Graph
  private let environment: EngineEnvironment
  private let resolver: Resolver
  /// Whether exports are looked at to tell what would be delivered.
  private let foreseesEffects: Bool
  /// The steps that are to run, by key: of twins only the first one does.
  private var stale: [ActionKey: String] = [:]
  /// The places of nodes in the graph, by name.
  private lazy var places = Dictionary(
    uniqueKeysWithValues: graph.nodes.enumerated().map { ($1.name, $0) })
  package let explainer: Explainer
  package private(set) var known: [Int: [String: KnownArtifact]] = [:]
  package private(set) var states: [Int: PlannedNode] = [:]

  package init(
    _ graph: Graph, environment: EngineEnvironment, against: String? = nil,
    foreseesEffects: Bool = false
  ) throws {
    self.graph = graph
    self.foreseesEffects = foreseesEffects
    self.environment = environment
    resolver = Resolver(environment: environment)
    explainer = try Explainer(environment: environment, graph: graph, against: against)
  }

  /// Resolves the nodes of a selection; the answer is in graph order.
  package func plan(_ selection: Selection) -> [PlannedNode] {
    selection.nodes.map { index in
      let planned = resolve(index)
      states[index] = planned
      return planned
    }
  }

  private func resolve(_ index: Int) -> PlannedNode {
    let node = graph.nodes[index]
    do {
      return try resolve(index, node)
    } catch {
      return PlannedNode(
        name: node.name, state: .unresolvable(ErrorText.of(error)), lastSeconds: nil, key: nil,
        document: nil
      )
    }
  }

  private func resolve(_ index: Int, _ node: GraphNode) throws -> PlannedNode {
    func planned(
      _ state: PlannedState, key: ActionKey? = nil, document: KeyDocument? = nil,
      seconds: Double? = nil
    ) -> PlannedNode {
      PlannedNode(
        name: node.name, state: state,
        lastSeconds: seconds ?? explainer.last(node.name)?.1.seconds, key: key, document: document)
    }
    for barrier in node.guards {
      guard let choice = artifact(barrier.choice) else {
        return planned(.blocked(by: [graph.nodes[barrier.choice.node].name]))
      }
      if try resolver.choice(choice) != barrier.arm { return planned(.notTaken) }
    }
    switch node.kind {
    case .source(let path):
      let found = try resolver.source(path, node)
      if let empty = found.values.lazy.compactMap(\.emptyFile).first {
        throw EngineFailure("\(empty) is empty; expected content")
      }
      known[index] = found
      return planned(.source)
    case .select(let then, let otherwise, let choice):
      guard let decision = artifact(choice) else {
        return planned(.blocked(by: [graph.nodes[choice.node].name]))
      }
      let taken = try resolver.choice(decision) ? then : otherwise
      guard let artifact = artifact(taken) else {
        return planned(.blocked(by: [graph.nodes[taken.node].name]))
      }
      known[index] = ["taken": artifact]
      return planned(.derived)
    case .delivery(let publication):
      guard let wire = node.inputs.first, let input = artifact(wire.from) else {
        return planned(.blocked(by: waiting(node)))
      }
      known[index] = ["delivered": input]
      return planned(delivery(of: input, to: publication))
    case .ingestion(let place):
      guard let wire = node.inputs.first, let records = artifact(wire.from),
        let foreseen = try Ingester(environment: environment, run: "").foresee(records, into: place)
      else { return planned(.blocked(by: node.inputs.map { graph.nodes[$0.from.node].name })) }
      known[index] = ["history": foreseen.history]
      guard foreseesEffects, foreseen.isNew else { return planned(.derived) }
      return planned(
        .due(
          PlannedEffect(
            kind: .ingest, place: place.place, reason: "the group lacks these records")))
    case .step(let step):
      return try resolve(index, node, step, planned)
    }
  }

  private func resolve(
    _ index: Int, _ node: GraphNode, _ step: StepDescription,
    _ planned: (PlannedState, ActionKey?, KeyDocument?, Double?) -> PlannedNode
  ) throws -> PlannedNode {
    var inputs: [String: KnownArtifact] = [:]
    for wire in node.inputs { inputs[wire.description.name] = artifact(wire.from) }
    let action = try resolver.action(node, step, inputs: inputs)
    let missing = waiting(node)
    guard missing.isEmpty else {
      return planned(.blocked(by: missing), nil, action.document, nil)
    }
    switch try resolver.lookup(action.key) {
    case .hit(let result):
      known[index] = result.outputs.mapValues { KnownArtifact(record: $0, location: .store) }
      return planned(.upToDate(result), action.key, action.document, result.seconds)
    case .miss(let cause):
      if let twin = stale[action.key] {
        return planned(.blocked(by: [twin]), action.key, action.document, nil)
      }
      stale[action.key] = node.name
      let explanation = explainer.explain(
        node, action.document, key: action.key, cause: cause)
      return planned(.stale(explanation), action.key, action.document, nil)
    }
  }

  /// What a run that delivers would do; a place that cannot be read is for the run to tell.
  private func delivery(of input: KnownArtifact, to publication: Publication) -> PlannedState {
    guard foreseesEffects else { return .derived }
    func due(_ reason: String) -> PlannedState {
      .due(PlannedEffect(kind: .deliver, place: publication.place, reason: reason))
    }
    do {
      let reason = try Deliverer(environment: environment).reason(
        toDeliver: input, to: publication)
      return reason.map(due) ?? .derived
    } catch {
      return due("\(error)")
    }
  }

  private func artifact(_ reference: OutputReference) -> KnownArtifact? {
    known[reference.node]?[reference.output]
  }

  private func waiting(_ node: GraphNode) -> [String] {
    var names: [String] = []
    for wire in node.inputs where artifact(wire.from) == nil {
      let name = graph.nodes[wire.from.node].name
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}

extension Planner {
  /// What is known to differ for a node that waits: its document without the unknown inputs.
  package func partialChanges(_ planned: PlannedNode) -> [FieldChange] {
    guard let document = planned.document, let (_, step) = explainer.last(planned.name),
      let old = explainer.document(of: step)
    else { return [] }
    // An input that is wired and not yet known says nothing; one that is wired no more is gone.
    let wired = Set(
      places[planned.name].map { graph.nodes[$0].inputs.map(\.description.name) } ?? [])
    return KeyDocument.changes(from: old, to: document.json).filter { change in
      guard change.field.hasPrefix("inputs."), change.new == nil else { return true }
      let rest = change.field.dropFirst("inputs.".count)
      return !wired.contains { rest == $0 || rest.hasPrefix($0 + ".") }
    }
  }
}

extension Planner {
  /// The key under which a step ran last, whether it succeeded or not.
  package func lastKey(_ name: String) -> ActionKey? { explainer.last(name)?.1.key }

  /// How a current step differs from the run it is compared with; nil where it does not.
  package func explainCurrent(_ planned: PlannedNode) -> Explanation? {
    guard let document = planned.document, let (record, step) = explainer.last(planned.name),
      let old = explainer.document(of: step)
    else { return nil }
    let changes = KeyDocument.changes(from: old, to: document.json)
    guard !changes.isEmpty else { return nil }
    return Explanation(cause: .changed, changes: changes, against: record.id)
  }
}

extension EngineEnvironment {
  /// The kept result of the same step whose key document differs in the fewest fields.
  package func nearest(
    to document: KeyDocument
  ) throws -> (key: ActionKey, changes: [FieldChange])? {
    var best: (key: ActionKey, changes: [FieldChange])?
    let json = document.json
    // A document ends with the name of its step: most are told apart by that, unread.
    let ending = try JSONValue.string(document.step).canonicalBytes() + [UInt8(ascii: "}")]
    for key in try store.actions.keys() {
      guard let result = try store.actions.lookup(key),
        result.document.suffix(ending.count).elementsEqual(ending), let old = result.keyDocument,
        old["family"] == json["family"], old["step"] == json["step"]
      else { continue }
      let changes = KeyDocument.changes(from: old, to: json)
      if changes.count < best?.changes.count ?? .max { best = (key, changes) }
    }
    return best
  }
}

extension Planner {
  /// An output of a node, if it is known.
  package func artifact(_ index: Int, _ output: String) -> KnownArtifact? { known[index]?[output] }
}

extension EngineEnvironment {
  /// The path of an artifact's bytes on this machine; nil for a tree in the store.
  package func localPath(of artifact: KnownArtifact) throws -> String? {
    try fetch(artifact)
    return switch artifact.location {
    case .store: artifact.record.kind == .tree ? nil : store.layout.blob(artifact.record.digest)
    case .external(let content): content.path
    }
  }
}
