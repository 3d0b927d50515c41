// `atelier show`: prints an output of a step, or the bytes of a digest.
import Atelier
import CommandLine
import Content
import Inspection
import Planning
import Project
import Terminal

package struct ShowVerb: Verb {
  enum Format: String, CaseIterable { case table, csv, json, path }

  package let name = "show"
  package let summary = "print an output"
  package let details = """
    On a terminal a table is cut to its width and to --limit rows, and what is longer goes through
    $ATELIER_PAGER, $PAGER or `less -FRSX`. A pipe or a file gets the whole table.
    """
  package let examples = [
    Example("atelier show week1.funnel", "the table"),
    Example("atelier show week4.model.version --format json", "one output of several"),
  ]
  let target = Argument(
    "[workshop/]step[.output] | digest", completion: .named("outputs"))
  let format = Option<Format>(
    "format", value: "FORMAT", "table (default), csv, json, or the path of the bytes")
  let limit = Shared.limit("at most this many rows of a table (default 40 on a terminal)")
  let noPager = Shared.noPager

  package var parameters: [any Parameter] { [target, format, limit, noPager] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let name = try call.word(target)
    if let digest = Digest(name) { return try show(digest, call, context) }
    let session = try Session(call, targets: [name], context)
    let graph = try session.graph()
    let (nodes, output) = try Self.find(session.targets.first ?? name, graph, session)
    let chosen = try Selection(nodes.map { graph.nodes[$0].name }, in: graph)
    let environment = try session.environment(graph, chosen, readOnly: true)
    let planner = try Planner(graph, environment: environment)
    _ = planner.plan(chosen)
    var artifacts: [ShownArtifact] = []
    for index in nodes {
      let node = graph.nodes[index]
      guard let artifact = planner.artifact(index, output) else {
        throw UsageError(
          "\(node.name) has no current result (\(planner.states[index]?.word ?? "unknown")); "
            + "run `atelier run \(session.path(of: node.name))` first")
      }
      artifacts.append(
        ShownArtifact(
          name: "\(node.name).\(output)", path: try environment.localPath(of: artifact),
          record: artifact.record))
    }
    let printer = ArtifactPrinter(
      environment: environment,
      reader: ArtifactReader(environment: environment, locator: session.locator),
      output: context.output,
      pager: Pager(isOff: call[noPager], session.environmentVariables, context.output),
      limit: call[limit])
    try printer.show(artifacts, call[format] ?? .table)
    let asked = session.targets.first ?? name
    if let first = nodes.first, Selection.steps(named: asked, in: graph) == nodes {
      Self.nameOthers(graph.nodes[first], shown: output, as: session.path(of: asked), context)
    }
    return ExitCode.success
  }

  /// Names the outputs of a step that were not shown, where the step alone was named.
  private static func nameOthers(
    _ node: GraphNode, shown: String, as asked: String, _ context: VerbContext
  ) {
    let others = node.outputs.map(\.name).filter { $0 != shown }
    guard let first = others.first else { return }
    context.output.message(
      "this is the output \(shown); \(asked) also has \(others.joined(separator: ", ")): "
        + "`atelier show \(asked).\(first)`")
  }

  private func show(_ digest: Digest, _ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, context)
    let graph = try session.graph()
    let environment = try session.environment(
      graph, try Selection([], in: graph), readOnly: true)
    try? environment.shared?.fetch(digest)
    guard try environment.store.objects.contains(digest) else {
      throw UsageError("the store holds no blob \(digest)")
    }
    let path = environment.store.layout.blob(digest)
    if call[format] == .path {
      try context.output.data(path + "\n")
    } else {
      try context.output.data(environment.store.objects.bytes(of: digest))
    }
    return ExitCode.success
  }

  /// A step, or a step and the name of one of its outputs: the nodes and the output's name.
  private static func find(
    _ target: String, _ graph: Graph, _ session: Session
  ) throws -> (nodes: [Int], output: String) {
    let whole = Selection.steps(named: target, in: graph)
    if let first = whole.first { return (whole, standardOutput(graph.nodes[first])) }
    if let dot = target.lastIndex(of: ".") {
      let nodes = Selection.steps(named: String(target[..<dot]), in: graph)
      let output = String(target[target.index(after: dot)...])
      if let first = nodes.first {
        guard graph.nodes[first].outputs.contains(where: { $0.name == output }) else {
          throw UsageError(
            "\(target[..<dot]) has no output '\(output)'; it has "
              + graph.nodes[first].outputs.map(\.name).joined(separator: ", ") + "."
              + Suggestion.text(for: output, among: graph.nodes[first].outputs.map(\.name)))
        }
        return (nodes, output)
      }
    }
    throw session.unknown(
      target, isStep: true,
      among: Set(graph.nodes.flatMap { [$0.name, Text.withoutNumber($0.name)] }).sorted())
  }

  /// The output that a step's bare name means: the one that people can read and that is named
  /// like the step, else the first that people can read, else the first.
  private static func standardOutput(_ node: GraphNode) -> String {
    let readable = node.outputs.filter {
      ["text/csv", "application/vnd.apache.parquet"].contains($0.mediaType)
        || $0.mediaType.hasSuffix("json") || $0.isTree
    }
    let own = Text.withoutNumber(node.name).split(separator: ".").last.map(String.init)
    let best = readable.first { $0.name == own } ?? readable.first ?? node.outputs.first
    return best?.name ?? ""
  }
}
