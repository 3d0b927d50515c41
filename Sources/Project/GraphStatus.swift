// What a verb needs that only reads: nothing runs and nothing is written.
import Atelier
import CommandLine
import Execution
import Planning
import Terminal

/// A session with its graph, the chosen nodes, and what is known of them.
package struct GraphStatus {
  package let session: Session
  package let graph: Graph
  package let selection: Selection
  package let environment: EngineEnvironment
  package let planner: Planner
  /// The chosen nodes and what they need, in graph order.
  package let states: [PlannedNode]

  /// The status of a session's targets; `against` is a run as people name it, of which changes are
  /// told instead of the newest one; `foreseesEffects` also finds out what would be delivered.
  package init(
    _ session: Session, against: String? = nil, foreseesEffects: Bool = false
  ) throws {
    self.session = session
    graph = try session.graph()
    selection = try session.selection(graph)
    let environment = try session.environment(graph, selection, readOnly: true)
    self.environment = environment
    let run = try against.map { try Self.id(of: $0, session, environment) }
    planner = try Planner(
      graph, environment: environment, against: run, foreseesEffects: foreseesEffects)
    states = planner.plan(selection)
  }

  /// Whether several steps were asked for that are not the numbered ones of one name.
  package var isOfSeveralSteps: Bool {
    Set(selection.targets.map { Text.withoutNumber(graph.nodes[$0].name) }).count > 1
  }

  /// The id of a run in the local store.
  private static func id(
    of name: String, _ session: Session, _ environment: EngineEnvironment
  ) throws -> String {
    let catalogue = RunCatalogue(
      store: environment.store, shared: environment.shared, workshop: session.workshop.name)
    let id = try catalogue.record(name).id
    guard try environment.store.runs.list().contains(where: { $0.description == id }) else {
      throw UsageError(
        "the run \(id) is in the shared store only; `atelier store pull\(session.option)` fetches it"
      )
    }
    return id
  }
}
