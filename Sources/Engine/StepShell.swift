// A folder in which a person finds what a step finds. It starts nothing.
import Atelier
import AtelierStep
import Content

/// A step's place, laid out for a person: inputs, empty outputs, scratch, and what a worker gets.
public struct StepShell: Sendable {
  /// An input or an output: its name, and the absolute path of its file or folder.
  public struct Place: Sendable {
    public let description: ArtifactDescription
    public let path: String
  }

  public let name: String
  /// The absolute path of the folder.
  public let directory: String
  public let inputs: [Place]
  public let outputs: [Place]
  /// The paths of declared programs by name; libraries are left out.
  public let programs: [String: String]
  /// The step's SQL texts by file name.
  public let sql: [String: String]
  public let parameters: JSONValue
  /// A worker's environment, without what a terminal needs besides.
  public let environment: [String: String]
  /// The line that orders a worker to run the step in this folder.
  public let request: [UInt8]

  /// An input that has no bytes yet: its name, and the node that makes it.
  public struct MissingInput: Sendable {
    public let input: String
    public let node: String
  }

  /// The inputs of a node that a walk found to be unknown, in the order of their wires.
  public static func missingInputs(
    of index: Int, in graph: Graph, _ walk: StatusWalk
  ) -> [MissingInput] {
    graph.nodes[index].inputs.filter { walk.artifact($0.from.node, $0.from.output) == nil }
      .map { MissingInput(input: $0.description.name, node: graph.nodes[$0.from.node].name) }
  }

  /// Lays a step out in a folder that is there and empty; all its inputs must be known.
  public init(
    _ node: GraphNode, _ step: StepDescription, _ walk: StatusWalk,
    _ environment: EngineEnvironment, at path: String
  ) throws {
    var known: [String: KnownArtifact] = [:]
    for wire in node.inputs {
      known[wire.description.name] = walk.artifact(wire.from.node, wire.from.output)
    }
    let action = try Resolver(environment: environment).action(node, step, inputs: known)
    let folder = try StepDirectory(action, at: path, store: environment.store)
    let order = folder.request(action)
    name = node.name
    directory = path
    inputs = node.inputs.compactMap { wire in
      order.inputs[wire.description.name].map { Place(description: wire.description, path: $0) }
    }
    outputs = node.outputs.compactMap { output in
      order.outputs[output.name].map { Place(description: output, path: $0) }
    }
    let executables = Set(step.programs.filter(\.isExecutable).map(\.name))
    programs = order.programs.filter { executables.contains($0.key) }
    sql = step.sql
    parameters = step.parameters
    self.environment = WorkerEnvironment.make(
      directory: path, passed: environment.passedEnvironment)
    request = try order.line()
  }
}
