// Which results name what is no longer on the platform, though a step of this run has to read it there.
import Atelier
import AtelierStep
import Content
import Execution
import FileTools

/// Looks, before a run, at the versions that its steps are about to use on the platform.
///
/// A cached version document stays right for ever, and says nothing of whether the platform still has
/// the rows. It is asked only for those that a step which has to run reads there: a run of hits asks
/// nothing.
package struct GoneResults {
  private let graph: Graph
  private let environment: EngineEnvironment
  private let planner: Planner

  package init(_ graph: Graph, _ environment: EngineEnvironment) throws {
    self.graph = graph
    self.environment = environment
    planner = try Planner(graph, environment: environment)
  }

  /// Whether any node of a selection acts on the platform.
  package static func matter(to selection: Selection, of graph: Graph) -> Bool {
    selection.nodes.contains { graph.nodes[$0].step?.isolation == .platform }
  }

  /// The nodes that have to run again since what their results name is gone.
  ///
  /// From the last node to the first, as what made a table that is gone reads others in its turn.
  /// `forced` run anyhow.
  package func find(in selection: Selection, forced: Set<Int>) throws -> Set<Int> {
    var states: [Int: PlannedState] = [:]
    for (index, planned) in zip(selection.nodes, planner.plan(selection)) {
      states[index] = planned.state
    }
    var gone: Set<Int> = []
    var there: Set<Int> = []
    for index in selection.nodes.reversed() {
      let node = graph.nodes[index]
      guard node.step?.isolation == .platform,
        gone.contains(index) || forced.contains(index) || mayRun(states[index])
      else { continue }
      for wire in node.inputs {
        let producer = wire.from.node
        guard graph.nodes[producer].step?.isolation == .platform,
          case .upToDate(let result)? = states[producer],
          !gone.contains(producer), !there.contains(producer)
        else { continue }
        if try isThere(result) { there.insert(producer) } else { gone.insert(producer) }
      }
    }
    return gone
  }

  private func mayRun(_ state: PlannedState?) -> Bool {
    switch state {
    case .stale, .blocked: true
    default: false
    }
  }

  private func isThere(_ result: ActionResult) throws -> Bool {
    for record in result.outputs.values where record.isRemoteVersion {
      try environment.fetch(record)
      let bytes = try environment.store.objects.bytes(of: record.digest)
      guard try environment.platform.isThere(bytes) else { return false }
    }
    return true
  }
}

extension OutputRecord {
  /// Whether the bytes are a document that names what lies on the platform.
  fileprivate var isRemoteVersion: Bool {
    mediaType.hasPrefix(VersionChanges.mediaType)
  }
}
