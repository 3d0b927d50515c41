// Which nodes of a graph a command is about.
import Atelier

/// A target that names nothing in the graph.
package struct UnknownTarget: Error, CustomStringConvertible {
  package let target: String
  package let workshop: String
  /// Every name that would have been understood.
  package let known: [String]
  package var description: String { "the workshop \(workshop) has no stage or step '\(target)'" }
}

/// A choice of nodes: those asked for, and everything that they need.
package struct Selection: Sendable {
  /// The nodes asked for, in graph order.
  package let targets: [Int]
  /// Those and all that they depend on, in graph order.
  package let nodes: [Int]

  /// The nodes for some targets: stages or their aliases, steps, or a step without its number.
  ///
  /// A stage stands for its own steps and those of all earlier stages, as the weeks of a workshop
  /// do. No target means every node.
  package init(_ targets: [String], in graph: Graph) throws(UnknownTarget) {
    var chosen = Set<Int>()
    for target in targets { chosen.formUnion(try Self.nodes(for: target, in: graph)) }
    if targets.isEmpty { chosen = Set(graph.nodes.indices) }
    self.init(chosen, in: graph)
  }

  /// Some nodes, by their indices, with all that they need.
  package init(_ targets: Set<Int>, in graph: Graph) {
    self.targets = targets.sorted()
    var chosen = targets
    // Dependencies precede their users, so one pass backwards finds them all.
    for index in graph.nodes.indices.reversed() where chosen.contains(index) {
      chosen.formUnion(graph.nodes[index].dependencies)
    }
    nodes = chosen.sorted()
  }

  /// The nodes that one target stands for.
  package static func nodes(for target: String, in graph: Graph) throws(UnknownTarget) -> [Int] {
    if let position = graph.stages.firstIndex(where: {
      $0.name == target || $0.aliases.contains(target)
    }) {
      let stages = Set(graph.stages[...position].map(\.name))
      return graph.nodes.indices.filter { stages.contains(graph.nodes[$0].stage) }
    }
    let found = steps(named: target, in: graph)
    guard !found.isEmpty else {
      throw UnknownTarget(
        target: target, workshop: graph.workshop,
        known: graph.stages.flatMap { [$0.name] + $0.aliases } + graph.nodes.map(\.name))
    }
    return found
  }

  /// The step of that name, or all numbered steps of it.
  package static func steps(named name: String, in graph: Graph) -> [Int] {
    graph.nodes.indices.filter { index in
      let own = graph.nodes[index].name
      guard own != name else { return true }
      return own.hasPrefix(name + ".") && own.dropFirst(name.count + 1).allSatisfy(\.isNumber)
    }
  }
}
