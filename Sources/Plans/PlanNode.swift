// One node of a plan, and what the document says of it.
import Atelier
import AtelierStep
import Content

/// A node of a plan.
public struct PlanNode: Sendable {
  /// Its place in the graph.
  public let index: Int
  /// The node as the graph has it.
  public let node: GraphNode
  /// What is known of a source's bytes.
  public let source: OutputRecord?
  /// The names of the nodes that must be done before, in the graph's order.
  public let dependencies: [String]
  private let inputs: [(name: String, from: String)]
  private let arms: [(guarded: BranchGuard, decision: String)]

  init(index: Int, node: GraphNode, source: OutputRecord?, names: [String]) {
    self.index = index
    self.node = node
    self.source = source
    dependencies = node.dependencies.map { names[$0] }
    inputs = node.inputs.map { ($0.description.name, "\(names[$0.from.node]).\($0.from.output)") }
    arms = node.guards.map { ($0, "\(names[$0.choice.node]).\($0.choice.output)") }
  }

  /// The name, unique within the graph.
  public var name: String { node.name }

  /// The stage's name.
  public var stage: String { node.stage }

  /// The node in the plan's document; paths are those below the project where they lie there.
  func document(projectRoot: String) -> JSONValue {
    var members: [String: JSONValue] = [
      "name": .string(name), "stage": .string(stage),
      "inputs": .object(
        Dictionary(inputs.map { ($0.name, .string($0.from)) }, uniquingKeysWith: { $1 })),
      "outputs": .array(
        node.outputs.map { ["name": .string($0.name), "mediaType": .string($0.mediaType)] }),
      "arms": .array(
        arms.map {
          [
            "branch": .string($0.guarded.branch), "decision": .string($0.decision),
            "taken": .bool($0.guarded.arm),
          ]
        }),
    ]
    switch node.kind {
    case .step(let step):
      members["kind"] = "step"
      members["step"] = step.document
    case .source(let path):
      members["kind"] = "source"
      let root = projectRoot + "/"
      members["path"] = .string(
        path.hasPrefix(root) ? String(path.dropFirst(root.count)) : path)
      members["content"] = source.map {
        ["digest": .string($0.digest.description), "size": .integer($0.size)]
      }
    case .delivery(let publication):
      members["kind"] = "delivery"
      members["place"] = .string(publication.place)
      members["file"] = .string(publication.fileName)
    case .ingestion(let place):
      members["kind"] = "ingestion"
      members["place"] = .string(place.place)
    case .select: members["kind"] = "branch"
    }
    return .object(members)
  }
}

extension StepDescription {
  /// What a plan says of a step: all that its key will hold beside the inputs, and its limits.
  fileprivate var document: JSONValue {
    func digests(_ texts: [String: String]) -> JSONValue {
      .object(
        texts.compactMapValues { text in
          (try? Digest.of(Array(text.utf8))).map { .string($0.description) }
        })
    }
    var limits: [String: JSONValue] = [
      "retries": .integer(Int64(self.limits.retries)), "cpus": .integer(Int64(self.limits.cpus)),
      "gpus": .integer(Int64(self.limits.gpus)),
    ]
    if let timeout = self.limits.timeout { limits["timeout"] = .number(timeout) }
    if let memory = self.limits.memory { limits["memory"] = .integer(memory) }
    return [
      "family": .string(family), "name": .string(step), "code": .string(code.digest),
      "parameters": parameters, "sql": digests(sql), "scripts": digests(scripts),
      "programs": .array(programs.map { .string($0.name) }), "network": .bool(usesNetwork),
      "limits": .object(limits),
    ]
  }
}
