// The Swift name of what a node of a workshop makes, found in the text of its wiring. It wires nothing.
import Atelier
import CommandLine
import Project

/// An input of a new step: its name in the step, and the Swift expression for the artifact.
struct WiredInput {
  /// The name in the step.
  let name: String
  /// What stands in the wiring, such as `rows` or `sums.totals`.
  let expression: String
  /// Whether it is a folder.
  let isTree: Bool
  /// Its Swift type, where a Swift step asked for it and can import it.
  private(set) var format: InputFormat?

  /// Reads `name=stage.step` or `name=stage.step.output`, and finds it in the function `wire`, whether it is
  /// built or not; a statement there that keeps the step under no name gets one in `lines`.
  ///
  /// Throws where the step is neither in the graph nor in `wire`, or where another function wires it.
  /// `family` is that of a Swift step.
  init(
    _ text: String, in graph: Graph, wiring lines: inout [String], at wire: Int, family: String?,
    _ checkout: NewCheckout
  ) throws {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw UsageError("--input takes NAME=STEP, such as rows=totals.rows, not '\(text)'")
    }
    name = parts[0]
    let found = try Found(parts[1], input: name, in: graph, wiring: lines, at: wire, checkout)
    guard
      let expression = found.statement?.expression(
        for: found.output, of: found.outputs, in: &lines, after: wire)
    else {
      throw UsageError(
        "\(found.node) is not wired by a statement of its own in the function `wire`, so a new line at "
          + "its end cannot name it: leave --input \(name) out and write the input into the new line "
          + "by hand")
    }
    self.expression = expression
    isTree = graph.nodes.contains { node in
      node.name == found.node && node.outputs.contains { $0.name == found.output && $0.isTree }
    }
    format = family.flatMap { family in
      found.statement.flatMap {
        InputFormat(of: $0, output: found.output, family: family, in: checkout)
      }
    }
  }

  /// The node and the output that a word means.
  private struct Found {
    let node: String
    let output: String
    /// All outputs of the node.
    let outputs: [String]
    let statement: WiringStatement?

    init(
      _ wanted: String, input: String, in graph: Graph, wiring lines: [String], at wire: Int,
      _ checkout: NewCheckout
    ) throws {
      // `stage.step`, or the same with the name of an output.
      let step = wanted.lastIndex(of: ".").map { String(wanted[..<$0]) } ?? wanted
      let candidates = [wanted, step].lazy.compactMap { name in
        Self.outputs(of: name, in: graph, wiring: lines, at: wire, checkout).map { (name, $0) }
      }
      guard let (node, outputs) = candidates.first else {
        throw UsageError(
          "there is no step '\(wanted)'; `atelier list steps -w \(graph.workshop)` lists those that are "
            + "built")
      }
      self.node = node
      self.outputs = outputs
      statement = WiringStatement(of: node, in: lines, after: wire)
      let named = node == wanted ? nil : String(wanted.dropFirst(node.count + 1))
      if let named, !outputs.contains(named) {
        throw UsageError(
          "\(node) has no output '\(named)'; it has \(outputs.joined(separator: ", "))")
      }
      guard named != nil || outputs.count == 1, let output = named ?? outputs.first else {
        throw UsageError(
          "\(node) has several outputs: say which, such as \(input)=\(node)."
            + "\(outputs.first ?? "output")")
      }
      self.output = output
    }

    /// The outputs of a node by the graph, or for one that is not built by the sources; nil where there
    /// is no such node.
    private static func outputs(
      of name: String, in graph: Graph, wiring lines: [String], at wire: Int,
      _ checkout: NewCheckout
    ) -> [String]? {
      if let node = graph.nodes.first(where: { $0.name == name }) {
        return node.outputs.map(\.name)
      }
      guard let statement = WiringStatement(of: name, in: lines, after: wire) else { return nil }
      if let outputs = statement.outputs { return outputs }
      let declared = statement.type.flatMap { checkout.step($0) }?.outputs.map(\.name) ?? []
      return declared.isEmpty ? nil : declared
    }
  }
}
