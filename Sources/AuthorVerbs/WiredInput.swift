// The Swift name of what a node of a workshop makes, found in the text of its wiring. It wires nothing.
import Atelier
import CommandLine

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

  /// Reads `name=stage.step` or `name=stage.step.output`, and finds it in the function `wire`.
  ///
  /// Throws where the step is none of the graph, or where the wiring keeps it under no name that a new
  /// line at the end of `wire` could use. `format` finds the type of a node's output by the statement that
  /// wires the node.
  init(
    _ text: String, in graph: Graph, wiring lines: [String], at wire: Int,
    format: (GraphNode, _ output: String, _ statement: String) -> InputFormat?
  ) throws {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw UsageError("--input takes NAME=STEP, such as rows=totals.rows, not '\(text)'")
    }
    name = parts[0]
    let wanted = parts[1]
    guard
      let node = graph.nodes.first(where: { node in
        node.name == wanted || node.outputs.contains { "\(node.name).\($0.name)" == wanted }
      })
    else {
      throw UsageError(
        "there is no step '\(wanted)'; `atelier list steps` has them all")
    }
    let output = wanted == node.name ? nil : String(wanted.dropFirst(node.name.count + 1))
    guard output != nil || node.outputs.count == 1, let first = output ?? node.outputs.first?.name
    else {
      throw UsageError(
        "\(node.name) has several outputs: say which, such as \(name)=\(node.name)."
          + "\(node.outputs.first?.name ?? "output")")
    }
    let statement = Statement(of: node.name, in: lines, after: wire)
    guard let statement, let variable = statement.variable else {
      throw UsageError(
        "the wiring keeps \(node.name) under no name in the function `wire` itself: leave --input out "
          + "and write the input into the new line by hand")
    }
    expression = statement.isArtifact ? variable : "\(variable).\(first)"
    isTree = node.outputs.contains { $0.name == first && $0.isTree }
    self.format = format(node, first, statement.text)
  }

  /// One statement of the function `wire`.
  private struct Statement {
    /// The name after `let`; nil where there is none.
    let variable: String?
    /// Whether the name is that of an artifact, and not of a step with several.
    let isArtifact: Bool
    /// All of it in one line.
    let text: String

    init?(of node: String, in lines: [String], after wire: Int) {
      let indent = lines[wire].prefix { $0 == " " } + "  "
      let end = lines[wire...].firstIndex(of: String(indent.dropLast(2)) + "}") ?? lines.endIndex
      guard let line = lines[wire..<end].firstIndex(where: { $0.contains("\"\(node)\"") }) else {
        return nil
      }
      func begins(_ index: Int) -> Bool {
        lines[index].hasPrefix(indent) && lines[index].dropFirst(indent.count).first != " "
          && lines[index].dropFirst(indent.count).first != ")"
      }
      guard let start = lines[wire...line].indices.last(where: { begins($0) }) else { return nil }
      let stop = lines[(start + 1)..<max(end, start + 1)].indices.first { begins($0) } ?? end
      let text = lines[start..<stop].joined(separator: " ")
      self.text = text
      let words = lines[start].split(separator: " ")
      variable =
        words.count > 2 && words[0] == "let"
        ? String(words[1].prefix { $0 != ":" }) : nil
      let makers = [".source(", ".sql(", ".python(", ".deliver(", ".ingest(", ".branch("]
      let tail = text.reversed().prefix { $0.isLetter || $0.isNumber || $0 == " " }
      isArtifact =
        makers.contains { text.contains($0) }
        || text.dropLast(tail.count).hasSuffix(").")
    }
  }
}
