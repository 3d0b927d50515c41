// A step's own directory: inputs linked in, outputs expected, both checked when it is done.
import AtelierStep
import CSystem
import Content
import Stores

/// The fresh directory of one attempt.
struct StepDirectory {
  let path: String
  private let action: Action
  private let store: LocalStore
  private let inputPaths: [String: String]
  private let outputPaths: [String: String]

  /// Makes the directory with its inputs in place.
  init(_ action: Action, in workspace: Workspace, store: LocalStore) throws {
    self.action = action
    self.store = store
    path = try workspace.newDirectory()
    for folder in ["inputs", "outputs", "scratch"] {
      try store.makeDirectory("\(path)/\(folder)")
    }
    var inputs: [String: String] = [:]
    for wire in action.node.inputs {
      let name = wire.description.name
      guard let artifact = action.inputs[name] else { continue }
      let place = "\(path)/inputs/\(wire.description.fileName)"
      switch artifact.place {
      case .store: try store.materialize(artifact.record, at: place)
      case .external(let content): try store.link(content, at: place)
      }
      inputs[name] = place
    }
    inputPaths = inputs
    var outputs: [String: String] = [:]
    for output in action.node.outputs {
      let place = "\(path)/outputs/\(output.fileName)"
      if output.isTree { try store.makeDirectory(place) }
      outputs[output.name] = place
    }
    outputPaths = outputs
  }

  /// The request that runs the action here.
  func request(_ action: Action) -> WorkerRequest {
    var readable: [String] = []
    for artifact in action.inputs.values {
      switch artifact.place {
      case .store: readable += store.paths(of: artifact.record)
      case .external(let content): readable.append(content.path)
      }
    }
    return WorkerRequest(
      document: action.document.json, directory: path, inputs: inputPaths, outputs: outputPaths,
      programs: action.programs.mapValues(\.path), readable: readable,
      executable: action.programs.values.map(\.path).sorted())
  }

  /// Moves the outputs into the content store. Every declared output must be there.
  func adoptOutputs() throws -> [String: OutputRecord] {
    var records: [String: OutputRecord] = [:]
    for output in action.node.outputs {
      guard let place = outputPaths[output.name] else { continue }
      var status = cs_stat_t()
      let kind = output.isTree ? "folder" : "file"
      guard cs_stat(place, 0, &status) == 0,
        status.kind == CChar(UInt8(ascii: output.isTree ? "d" : "f"))
      else {
        throw EngineFailure(
          "\(action.node.name) ended without its output '\(output.name)': expected a \(kind) at "
            + "outputs/\(output.fileName)")
      }
      records[output.name] =
        output.isTree
        ? try store.adoptTree(place, mediaType: output.mediaType)
        : try store.adopt(place, mediaType: output.mediaType)
    }
    return records
  }

  /// The names of inputs that are no longer what was hashed.
  func movedInputs() throws -> [String] {
    var moved: [String] = []
    for (name, artifact) in action.inputs.sorted(by: { $0.key < $1.key }) {
      switch artifact.place {
      case .external(let content):
        if try store.hasMoved(content) { moved.append("\(name) (\(content.path))") }
      case .store:
        guard case .good = try store.check(artifact.record) else {
          moved.append("\(name) (damaged in the store)")
          continue
        }
      }
    }
    return moved
  }

  /// Removes the directory and what is left in it.
  func remove() { store.discard(path) }
}
