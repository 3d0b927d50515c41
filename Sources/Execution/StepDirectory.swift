// A step's own directory: inputs linked in, outputs expected, both checked when it is done.
import AtelierStep
import CSystem
import Content
import FileTools
import LocalStores

/// The directory of one attempt; nothing of another step is in it.
package struct StepDirectory {
  package var path: String { folder.path }
  /// The directory itself; a step in this process that asks for none has none.
  package let folder: LazyStepDirectory
  package let inputPaths: [String: String]
  package let outputPaths: [String: String]
  private let action: Action
  private let store: LocalStore
  /// What lies in `inputs`.
  private let links: [String]

  /// Makes the directory with its inputs in place.
  ///
  /// A step in this process is given a file where it lies: it starts no program that would care for
  /// the name, and is not confined to its directory.
  package init(_ action: Action, in folders: StepFolders, store: LocalStore) throws {
    self.action = action
    self.store = store
    let isInProcess = action.step.isolation == .inProcess
    folder = LazyStepDirectory(folders)
    if !isInProcess { try folder.make() }
    var inputs: [String: String] = [:]
    var links: [String] = []
    for description in action.reads {
      let name = description.name
      guard let artifact = action.inputs[name] else { continue }
      switch artifact.location {
      case .store where artifact.record.kind == .tree:
        inputs[name] = try store.treeFolders.folder(of: artifact.record)
        continue
      case .store where isInProcess:
        inputs[name] = store.layout.blob(artifact.record.digest)
        continue
      case .external(let content) where isInProcess:
        inputs[name] = content.path
        continue
      default: break
      }
      let link = "\(folder.path)/inputs/\(description.fileName)"
      if case .external(let content) = artifact.location {
        try Disk.link(symbolic: link, to: content.path)
      } else {
        try store.trees.materialize(artifact.record, at: link)
      }
      inputs[name] = link
      links.append(link)
    }
    inputPaths = inputs
    self.links = links
    var outputs: [String: String] = [:]
    for output in action.makes {
      if isInProcess, !output.isTree {
        outputs[output.name] = folders.file(output.fileName)
        continue
      }
      let path = "\(folder.path)/outputs/\(output.fileName)"
      if output.isTree { try Disk.makeFolders(path) }
      outputs[output.name] = path
    }
    outputPaths = outputs
  }

  /// The request that runs the action here.
  package func request(_ action: Action) -> WorkerRequest {
    var readable: [String] = []
    for program in action.step.programs {
      readable += program.readableFiles(of: action.programs[program.name]?.path)
    }
    for (name, artifact) in action.inputs {
      switch artifact.location {
      case .store where artifact.record.kind == .tree:
        readable += [inputPaths[name]].compactMap(\.self)
      case .store: readable.append(store.layout.blob(artifact.record.digest))
      case .external(let content): readable.append(content.path)
      }
    }
    return WorkerRequest(
      document: action.document.json, directory: path, inputs: inputPaths, outputs: outputPaths,
      programs: action.programs.mapValues(\.path), readable: readable,
      executable: action.programs.values.map(\.path).sorted())
  }

  /// Moves the outputs into the content store.
  ///
  /// Every declared output must be there.
  package func adoptOutputs() throws -> [String: OutputRecord] {
    var records: [String: OutputRecord] = [:]
    for output in action.makes {
      guard let file = outputPaths[output.name] else { continue }
      var status = cs_stat_t()
      let kind = output.isTree ? "folder" : "file"
      guard cs_stat(file, 0, &status) == 0,
        status.kind == CChar(UInt8(ascii: output.isTree ? "d" : "f"))
      else {
        throw EngineFailure(
          "\(action.name) ended without its output '\(output.name)': expected a \(kind) at "
            + "outputs/\(output.fileName)")
      }
      records[output.name] =
        output.isTree
        ? try store.trees.adoptTree(file, mediaType: output.mediaType)
        : try store.objects.adopt(file: file, mediaType: output.mediaType)
    }
    return records
  }

  /// The inputs and programs that are no longer what was hashed.
  package func movedInputs(_ programs: ProgramTable) throws -> [String] {
    var moved = action.programs.filter { programs.hasMoved($0.value) }
      .map { "the program \($0.key) (\($0.value.path))" }.sorted()
    for (name, artifact) in action.inputs.sorted(by: { $0.key < $1.key }) {
      switch artifact.location {
      case .external(let content):
        if content.hasMoved(store: store) { moved.append("\(name) (\(content.path))") }
      case .store:
        guard case .good = try store.trees.check(artifact.record) else {
          moved.append("\(name) (damaged in the store)")
          continue
        }
      }
    }
    return moved
  }

  /// Removes the links; what else is left in the directory goes with it.
  package func remove() {
    for link in links { _ = cs_unlink(link) }
    if action.step.isolation == .inProcess {
      // What was not adopted, because the step failed or the bytes were known.
      for output in action.makes where !output.isTree {
        if let path = outputPaths[output.name] { _ = cs_unlink(path) }
      }
    }
    folder.remove()
  }
}
