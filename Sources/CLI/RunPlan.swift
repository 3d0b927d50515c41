// The nodes of a run as an estimate needs them: names, and who uses whose results.
import Atelier
import Engine

/// The chosen nodes of a graph, numbered from 0 in graph order.
struct RunPlan: Sendable {
  struct Node: Sendable {
    let name: String
    /// Whether it is a step; sources, branches and deliveries take no time worth telling.
    let isStep: Bool
    /// The nodes that use its outputs; all come later.
    var users: [Int] = []
  }

  private(set) var nodes: [Node]

  init(_ graph: Graph, _ selection: Selection) {
    nodes = selection.nodes.map {
      Node(name: graph.nodes[$0].name, isStep: graph.nodes[$0].step != nil)
    }
    let number = Dictionary(
      uniqueKeysWithValues: selection.nodes.enumerated().map { ($1, $0) })
    for (user, index) in selection.nodes.enumerated() {
      for dependency in Set(graph.nodes[index].dependencies) {
        if let dependency = number[dependency] { nodes[dependency].users.append(user) }
      }
    }
  }

  /// A plan of given nodes.
  init(_ nodes: [Node]) { self.nodes = nodes }
}
