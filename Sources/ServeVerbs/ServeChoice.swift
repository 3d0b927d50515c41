// Which output of a workshop is the model to serve, and whether it is current.
import Atelier
import CommandLine
import Content
import Planning
import Project

/// The model of a workshop.
struct ServeChoice {
  private static let mediaType = "application/vnd.xgboost.ubj"

  /// The bytes of the model, which lie at a path.
  struct Offer {
    let path: String
    let digest: Digest
    /// Such as `propensity/week4.model.model`.
    let source: String
  }

  private let session: Session
  private let graph: Graph
  private let node: Int
  private let output: String

  /// The output `step.output` that `named` says, or the model that no other one is made from.
  init(_ session: Session, named: String?) throws {
    self.session = session
    let graph = try session.graph()
    self.graph = graph
    let all = graph.nodes.indices.flatMap { index in
      graph.nodes[index].outputs.filter { $0.mediaType == Self.mediaType }
        .map { (node: index, output: $0.name) }
    }
    func name(_ one: (node: Int, output: String)) -> String {
      "\(graph.nodes[one.node].name).\(one.output)"
    }
    guard !all.isEmpty else {
      throw UsageError(
        "no step of the workshop \(graph.workshop) makes a model (\(Self.mediaType)); "
          + "name a model file with --model FILE")
    }
    if let named {
      let own =
        named.hasPrefix(graph.workshop + "/")
        ? String(named.dropFirst(graph.workshop.count + 1)) : named
      guard let found = all.first(where: { name($0) == own || graph.nodes[$0.node].name == own })
      else {
        throw UsageError(
          "there is neither a file '\(named)' nor a model of that name in the workshop "
            + "\(graph.workshop)."
            + Suggestion.text(
              for: own, among: all.flatMap { [graph.nodes[$0.node].name, name($0)] }))
      }
      (node, output) = found
      return
    }
    let makers = Set(all.map(\.node))
    let used = Set(makers.flatMap { graph.nodes[$0].inputs.map(\.from.node) })
    let last = all.filter { !used.contains($0.node) }
    guard last.count == 1 else {
      throw UsageError(
        "the workshop \(graph.workshop) makes several models; choose one with --model: "
          + last.prefix(20).map(name).joined(separator: ", "))
    }
    (node, output) = last[0]
  }

  /// The step that makes the model.
  var target: String { "\(graph.workshop)/\(graph.nodes[node].name)" }
  /// The output, as people name it.
  var source: String { "\(target).\(output)" }

  /// The current result; nil where there is none.
  func offer() throws -> Offer? {
    let selection = try Selection([graph.nodes[node].name], in: graph)
    let environment = try session.environment(graph, selection, readOnly: true)
    let planner = try Planner(graph, environment: environment)
    _ = planner.plan(selection)
    guard let artifact = planner.artifact(node, output),
      let path = try environment.localPath(of: artifact)
    else { return nil }
    return Offer(path: path, digest: artifact.record.digest, source: source)
  }
}
