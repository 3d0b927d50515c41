// `atelier graph`: the steps and their wires as text, dot, mermaid or JSON.
import Atelier
import CommandLine
import Content
import Project
import Terminal

package struct GraphVerb: Verb {
  enum Format: String, CaseIterable { case text, dot, mermaid, json }

  package let name = "graph"
  package let summary = "the steps and their wires"
  package let examples = [
    Example("atelier graph week3 --format dot | dot -Tsvg > week3.svg", "a picture")
  ]
  let targets = Shared.targets
  let format = Option<Format>("format", value: "FORMAT", "text (default), dot, mermaid or json")

  package var parameters: [any Parameter] { [targets, format] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, targets: call[targets], context)
    let graph = try session.graph()
    let nodes = try session.selection(graph).nodes
    let text =
      switch call[format] ?? .text {
      case .dot: Self.dot(graph, nodes)
      case .mermaid: Self.mermaid(graph, nodes)
      case .json: try Self.json(graph, nodes)
      case .text: Self.text(graph, nodes)
      }
    try context.output.data(text)
    return ExitCode.success
  }

  private static func producers(_ node: GraphNode, _ graph: Graph) -> [String] {
    node.dependencies.map { graph.nodes[$0].name }
  }

  private static func text(_ graph: Graph, _ nodes: [Int]) -> String {
    nodes.map { index in
      let node = graph.nodes[index]
      let from = producers(node, graph)
      let shown =
        from.prefix(4).joined(separator: ", ") + (from.count > 4 ? ", ... \(from.count)" : "")
      let arms = node.guards.map { "\($0.word) of \($0.branch)" }.joined(separator: ", ")
      return Text.pad(node.name, 26) + (from.isEmpty ? "" : " <- \(shown)")
        + (arms.isEmpty ? "" : "  (\(arms))") + "\n"
    }.joined()
  }

  private static func dot(_ graph: Graph, _ nodes: [Int]) -> String {
    var lines = ["digraph \"\(graph.workshop)\" {", "  rankdir=LR; node [shape=box];"]
    for stage in graph.stages {
      let own = nodes.filter { graph.nodes[$0].stage == stage.name }
      guard !own.isEmpty else { continue }
      lines.append("  subgraph \"cluster_\(stage.name)\" { label=\"\(stage.name)\";")
      lines += own.map { "    \"\(graph.nodes[$0].name)\";" }
      lines.append("  }")
    }
    for index in nodes {
      let node = graph.nodes[index]
      lines += node.dependencies.map { producer in
        let label = node.arm(decidedBy: producer).map { " [label=\"\($0)\", style=dashed]" } ?? ""
        return "  \"\(graph.nodes[producer].name)\" -> \"\(node.name)\"\(label);"
      }
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  private static func mermaid(_ graph: Graph, _ nodes: [Int]) -> String {
    var lines = ["flowchart LR"]
    lines += nodes.map { "  n\($0)[\"\(graph.nodes[$0].name)\"]" }
    for index in nodes {
      let node = graph.nodes[index]
      lines += node.dependencies.map { producer in
        let arrow = node.arm(decidedBy: producer).map { "-. \($0) .->" } ?? "-->"
        return "  n\(producer) \(arrow) n\(index)"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func json(_ graph: Graph, _ nodes: [Int]) throws -> String {
    let list = nodes.map { index -> JSONValue in
      let node = graph.nodes[index]
      return [
        "name": .string(node.name), "stage": .string(node.stage), "kind": .string(node.kindName),
        "step": .string(node.step.map { "\($0.family).\($0.step)" } ?? ""),
        "inputs": .object(
          Dictionary(
            node.inputs.map {
              ($0.description.name, .string("\(graph.nodes[$0.from.node].name).\($0.from.output)"))
            }, uniquingKeysWith: { first, _ in first })),
        "outputs": .array(node.outputs.map { .string($0.name) }),
        "arms": .array(
          node.guards.map { ["branch": .string($0.branch), "arm": .string($0.word)] }),
      ]
    }
    return try JSONValue.object([
      "v": 1, "workshop": .string(graph.workshop), "nodes": .array(list),
    ]).canonicalText() + "\n"
  }
}

extension BranchGuard {
  /// The arm in a word.
  fileprivate var word: String { arm ? "then" : "otherwise" }
}

extension GraphNode {
  /// The arm that this node lies in by the decision of another node.
  fileprivate func arm(decidedBy producer: Int) -> String? {
    guards.last { $0.choice.node == producer }?.word
  }
}
