// What a verb needs that only looks: nothing runs and nothing is written.
import Atelier
import Engine

/// A session with its graph, the chosen nodes, and what is known of them.
struct Inspection {
  let session: Session
  let graph: Graph
  let selection: Selection
  let environment: EngineEnvironment
  let walk: StatusWalk
  /// The chosen nodes and what they need, in graph order.
  let standings: [NodeStanding]

  /// Looks at the nodes that the verb's arguments name.
  init(_ arguments: Arguments, _ house: House) throws {
    try self.init(
      Session(arguments, targets: arguments.positionals, house),
      against: arguments.command.options.contains { $0.name == "against" }
        ? arguments.value("against") : nil)
  }

  init(_ session: Session, against: String? = nil) throws {
    self.session = session
    graph = try session.graph()
    selection = try session.selection(graph)
    environment = try session.environment(graph, selection, readOnly: true)
    walk = try StatusWalk(graph, environment: environment, against: against)
    standings = walk.walk(selection)
  }
}
