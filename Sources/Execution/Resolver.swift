// Finds out what is known without running anything: sources, choices, keys and results.
// Run, status, explain and verify all resolve by this one code.
import Atelier
import AtelierStep
import Content
import FileTools
import Names
import Programs

/// What the cache holds for a key.
package enum Lookup {
  case hit(ActionResult)
  /// Why there is no usable result; nil where the key is simply unknown.
  case miss(RunCause?)
}

/// Resolves nodes against the store and this machine's files.
package struct Resolver {
  package let environment: EngineEnvironment

  package init(environment: EngineEnvironment) {
    self.environment = environment
  }

  /// Looks at a source: a file or folder of this machine, or an object elsewhere.
  package func source(_ path: String, _ node: GraphNode) throws -> [String: KnownArtifact] {
    guard let output = node.outputs.first else { return [:] }
    if ObjectURL.isMeant(by: path) {
      let object = try environment.sources.resolve(path)
      if let planned = environment.planned[node.name], planned.digest != object.digest {
        throw MovedSource(url: path, planned: planned.digest, found: object.digest)
      }
      let record = OutputRecord(
        digest: object.digest, size: object.size, mediaType: output.mediaType, kind: .file)
      return [output.name: KnownArtifact(record: record, location: .store, origin: object)]
    }
    if let planned = environment.planned[node.name] {
      return [output.name: KnownArtifact(record: planned.record(output), location: .store)]
    }
    let full = path.hasPrefix("/") ? path : "\(environment.projectRoot)/\(path)"
    let content = try ExternalContent(
      at: full, isTree: output.isTree, mediaType: output.mediaType, store: environment.store)
    return [output.name: KnownArtifact(record: content.record, location: .external(content))]
  }

  /// Whether looking at a source may take a while: a folder, or a file of many bytes.
  package func takesLong(_ path: String, _ node: GraphNode) -> Bool {
    if ObjectURL.isMeant(by: path) || environment.planned[node.name] != nil { return false }
    if node.outputs.first?.isTree == true { return true }
    let full = path.hasPrefix("/") ? path : "\(environment.projectRoot)/\(path)"
    return ((try? FileStatus(full, followingLinks: true))?.identity.size ?? 0) >= 64 << 20
  }

  /// Reads the decision of a branch, which may be a source.
  package func choice(_ artifact: KnownArtifact) throws -> Bool {
    if case .external(let content) = artifact.location {
      guard let bytes = try Disk.read(content.path, first: Choice.longest + 1) else {
        throw FileError.unsuitable(path: content.path, found: "absent", expected: "a file")
      }
      return try Choice.parse(bytes)
    }
    try environment.fetch(artifact)
    return try Choice.parse(try environment.store.objects.bytes(of: artifact.record.digest))
  }

  /// The action of a step whose inputs are known.
  package func action(
    _ node: GraphNode, _ step: StepDescription, inputs: [String: KnownArtifact]
  ) throws -> Action {
    try action(
      node.name, step, reads: node.inputs.map(\.description), makes: node.outputs, inputs: inputs)
  }

  /// The same of a step that is known without its graph.
  package func action(
    _ name: String, _ step: StepDescription, reads: [ArtifactDescription],
    makes: [ArtifactDescription], inputs: [String: KnownArtifact]
  ) throws -> Action {
    var programs: [String: ProgramIdentity] = [:]
    for program in step.programs where program.isFile {
      programs[program.name] = try environment.programs.identity(of: program)
    }
    let packages = step.programs.flatMap(\.packages)
    let closure = packages.isEmpty ? nil : try environment.programs.closure(of: packages)
    let document = KeyMaker.document(
      step, reads: reads, makes: makes, inputs: inputs.mapValues(\.record), programs: programs,
      packages: closure?.versions ?? [:],
      runtime: try environment.programs.runtime(of: environment.workerPath))
    let bytes = try document.canonicalBytes()
    return Action(
      name: name, reads: reads, makes: makes, step: step, document: document, bytes: bytes,
      key: try KeyDocument.key(of: bytes), inputs: inputs, programs: programs,
      packages: closure)
  }

  /// Looks a key up here, then in the shared store if there is one.
  package func lookup(_ key: ActionKey) throws -> Lookup {
    let found = try lookupLocally(key)
    guard case .miss = found, let result = environment.shared?.lookup(key) else { return found }
    return .hit(result)
  }

  /// Looks a key up; a result is a hit only if every blob of every output is there and sound, or is
  /// in the shared store.
  package func lookupLocally(_ key: ActionKey) throws -> Lookup {
    guard let result = try environment.store.actions.lookup(key) else { return .miss(nil) }
    for record in result.outputs.values {
      switch try environment.store.trees.check(record) {
      case .good: continue
      case .missing, .quarantined:
        if let shared = environment.shared, shared.hasAllBlobs(of: result) { return .hit(result) }
        return .miss(.blobMissing)
      }
    }
    return .hit(result)
  }
}
