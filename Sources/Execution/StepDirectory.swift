// A step's own directory: inputs linked in, outputs expected, both checked when it is done.
import AtelierStep
import CSystem
import Content
import FileTools
import LocalStores
import Programs
import Workers

/// The directory of one attempt; nothing of another step is in it.
package struct StepDirectory {
  package var path: String { folder.path }
  /// The directory itself; a step in this process that asks for none has none.
  package let folder: LazyStepDirectory
  package let inputPaths: [String: String]
  package let outputPaths: [String: String]
  private let action: Action
  private let store: LocalStore
  /// Hard links of blobs among the inputs.
  private let links: [Digest: String]
  /// Of each file input, as it was laid out: not every file system keeps modes and times.
  private let laidOut: [String: FileStatus]
  /// Trees of many files, which the worker mounts.
  private let mounts: [String: String]

  /// Makes the directory with its inputs in place.
  ///
  /// A step in this process is given a file where it lies: it starts no program that would care for
  /// the name, and is not confined to its directory.
  package init(_ action: Action, in folders: StepFolders, store: LocalStore) throws {
    self.action = action
    self.store = store
    let isInProcess = action.step.isolation != .process
    folder = LazyStepDirectory(folders)
    if !isInProcess { try folder.make() }
    var inputs: [String: String] = [:]
    // Links of blobs are safe from the step only where it cannot change them.
    var layout = InputLayout(
      store.trees, mayLink: !isInProcess && FolderMounts.arePossible(in: store.layout.base))
    var mounts: [String: String] = [:]
    var laidOut: [String: FileStatus] = [:]
    for description in action.reads {
      let name = description.name
      guard let artifact = action.inputs[name] else { continue }
      if isInProcess {
        inputs[name] = try Self.path(of: artifact, in: store)
        continue
      }
      let place = "\(folder.path)/inputs/\(description.fileName)"
      if artifact.record.kind == .tree,
        try store.trees.manifest(of: artifact.record).entries.count >= FolderMounts.manyFiles,
        FolderMounts.arePossible(in: store.layout.base)
      {
        try Disk.makeFolder(place)
        mounts[place] = try store.treeFolders.folder(of: artifact.record)
      } else {
        try layout.add(artifact.record, at: place)
        if artifact.record.kind == .file {
          laidOut[name] = try FileStatus(place, followingLinks: false)
        }
      }
      inputs[name] = place
    }
    inputPaths = inputs
    links = layout.linked
    self.mounts = mounts
    self.laidOut = laidOut
    if !isInProcess { try InputLayout.seal("\(folder.path)/inputs") }
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

  /// Where the bytes are that a step of this process reads.
  private static func path(of artifact: KnownArtifact, in store: LocalStore) throws -> String {
    switch artifact.location {
    case .external(let content): content.path
    case .store where artifact.record.kind == .tree:
      try store.treeFolders.folder(of: artifact.record)
    case .store: store.layout.blob(artifact.record.digest)
    }
  }

  /// The request that runs the action here.
  package func request(_ action: Action) -> WorkerRequest {
    action.request(
      directory: path, inputs: inputPaths, outputs: outputPaths, mounts: mounts)
  }

  /// Moves the outputs into the content store.
  ///
  /// Every declared output must be there.
  package func adoptOutputs() throws -> [String: OutputRecord] {
    var records: [String: OutputRecord] = [:]
    for output in action.makes {
      guard let file = outputPaths[output.name] else { continue }
      let found = try FileStatus(file, followingLinks: false)
      guard found?.kind == (output.isTree ? .folder : .file) else {
        throw EngineFailure(
          "\(action.name) ended \(found.map { "with \($0.name) for" } ?? "without") its output "
            + "'\(output.name)': expected a \(output.isTree ? "folder" : "file") at "
            + "outputs/\(output.fileName)")
      }
      records[output.name] =
        output.isTree
        ? try store.trees.adoptTree(file, mediaType: output.mediaType)
        : try store.objects.adopt(file: file, mediaType: output.mediaType)
    }
    return records
  }

  /// Throws where the step changed an input, which is another step's result.
  package func checkInputs() throws {
    guard action.step.isolation == .process else { return }
    for description in action.reads {
      guard let before = laidOut[description.name], let path = inputPaths[description.name] else {
        continue
      }
      let now = try FileStatus(path, followingLinks: false)
      guard let now, now.kind == before.kind, now.mode == before.mode,
        now.identity.mtime == before.identity.mtime, now.identity.size == before.identity.size
      else {
        throw EngineFailure(
          "\(action.name) changed its input '\(description.name)' (inputs/\(description.fileName)); "
            + "inputs are only read: copy it to scratch first")
      }
    }
  }

  /// The inputs and programs that are no longer what was hashed.
  package func movedInputs(_ programs: ProgramTable) throws -> [String] {
    var moved = action.programs.filter { programs.hasMoved($0.value) }
      .map { "the program \($0.key) (\($0.value.path))" }.sorted()
    if programs.hasRuntimeMoved { moved.append("the C library of this machine") }
    if action.packages?.hasMoved == true { moved.append("the packages of this machine") }
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

  /// Removes the inputs; what else is left in the directory goes with it.
  package func remove() {
    if action.step.isolation == .process {
      // Folders of trees may be read-only; who owns them lets links go.
      folder.openInputs()
      for (digest, path) in links {
        Disk.unprotect(Disk.parent(of: path))
        try? store.objects.links.unlink(digest, at: path, store.objects)
      }
      folder.emptyInputs()
    }
    if action.step.isolation != .process {
      // What was not adopted, because the step failed or the bytes were known.
      for output in action.makes where !output.isTree {
        if let path = outputPaths[output.name] { _ = cs_unlink(path) }
      }
    }
    folder.remove()
  }
}
