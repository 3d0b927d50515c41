// The nodes of a run as an estimate needs them: names, and who uses whose results.
import Atelier
import Planning

/// The chosen nodes of a graph, numbered from 0 in graph order.
package struct RunPlan: Sendable {
  package struct Node: Sendable {
    package let name: String
    /// Whether it is a step; sources, branches and deliveries take no time worth telling.
    package let isStep: Bool
    /// The nodes that use its outputs; all come later.
    package var users: [Int] = []
  }

  package private(set) var nodes: [Node]

  package init(_ graph: Graph, _ selection: Selection) {
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
  package init(_ nodes: [Node]) { self.nodes = nodes }
}
