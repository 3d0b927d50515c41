// A folder in which a person finds what a step finds. It starts nothing.
import Atelier
import AtelierStep
import Content
import Execution
import FileTools
import LocalStores
import Workers

/// A step's place, laid out for a person: inputs, empty outputs, scratch, and what a worker gets.
package struct StepShell: Sendable {
  /// An input or an output: its name, and the absolute path of its file or folder.
  package struct Location: Sendable {
    package let description: ArtifactDescription
    package let path: String
  }

  package let name: String
  /// The absolute path of the folder.
  package let directory: String
  package let inputs: [Location]
  package let outputs: [Location]
  /// The paths of declared programs by name; libraries are left out.
  package let programs: [String: String]
  /// The step's SQL texts by file name.
  package let sql: [String: String]
  package let parameters: JSONValue
  /// A worker's environment, without what a terminal needs besides.
  package let environment: [String: String]
  /// The line that orders a worker to run the step in this folder.
  package let request: [UInt8]

  /// An input that has no bytes yet: its name, and the node that makes it.
  package struct MissingInput: Sendable {
    package let input: String
    package let node: String
  }

  /// The inputs of a node that a planner found to be unknown, in the order of their wires.
  package static func missingInputs(
    of index: Int, in graph: Graph, _ planner: Planner
  ) -> [MissingInput] {
    graph.nodes[index].inputs.filter { planner.artifact($0.from.node, $0.from.output) == nil }
      .map { MissingInput(input: $0.description.name, node: graph.nodes[$0.from.node].name) }
  }

  /// Lays a step out in a folder that is there and empty; all its inputs must be known.
  ///
  /// Unlike a run's own folders it lies outside of the store, which is only read.
  package init(
    _ node: GraphNode, _ step: StepDescription, _ planner: Planner,
    _ environment: EngineEnvironment, at path: String
  ) throws {
    for folder in ["inputs", "outputs", "scratch"] { try Disk.makeFolders("\(path)/\(folder)") }
    var layout = InputLayout(environment.store.trees, mayLink: false)
    var known: [String: KnownArtifact] = [:]
    var inputs: [Location] = []
    for wire in node.inputs {
      guard let artifact = planner.artifact(wire.from.node, wire.from.output) else { continue }
      try environment.fetch(artifact)
      known[wire.description.name] = artifact
      let place = "\(path)/inputs/\(wire.description.fileName)"
      switch artifact.location {
      case .store: try layout.add(artifact.record, at: place)
      case .external(let content):
        try layout.add(
          sourceAt: content.path, isTree: artifact.record.kind == .tree, at: place)
      }
      inputs.append(Location(description: wire.description, path: place))
    }
    outputs = try node.outputs.map { output in
      let place = "\(path)/outputs/\(output.fileName)"
      if output.isTree { try Disk.makeFolders(place) }
      return Location(description: output, path: place)
    }
    let action = try Resolver(environment: environment).action(node, step, inputs: known)
    let executables = Set(step.programs.filter { $0.isFile && $0.isExecutable }.map(\.name))
    let paths = action.programs.mapValues(\.path)
    name = node.name
    directory = path
    self.inputs = inputs
    programs = paths.filter { executables.contains($0.key) }
    sql = step.sql
    parameters = step.parameters
    // A person's shell knows its folder by its own name.
    self.environment = WorkerEnvironment.make(
      directory: path, passed: environment.passedEnvironment, usesNetwork: step.usesNetwork
    ).merging(["PWD": path]) { $1 }
    func byName(_ places: [Location]) -> [String: String] {
      Dictionary(places.map { ($0.description.name, $0.path) }) { first, _ in first }
    }
    request = try action.request(
      directory: path, inputs: byName(inputs), outputs: byName(outputs)
    ).line()
  }
}
