// Wires steps into a graph. A wrong wire does not compile; other mistakes throw here,
// before anything runs.
import AtelierStep
import Content
import Names
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A mistake in a workshop's wiring.
public struct WiringError: Error, CustomStringConvertible {
  /// The workshop's name.
  public let workshop: String
  /// The name of the step or other node.
  public let node: String
  /// What is wrong with it.
  public let problem: String
  /// The error in one sentence.
  public var description: String { "workshop \(workshop), step '\(node)': \(problem)" }
}

/// A folder in a bucket that nobody gave a way to.
public struct NoBucket: Error, CustomStringConvertible {
  /// The address that was to be listed.
  public let url: String
  /// An error for an address.
  public init(url: String) { self.url = url }
  /// The error in one sentence.
  public var description: String { "\(url) cannot be listed here" }
}

/// A place in a pipeline, known by its step's type; only a builder makes one.
///
/// The step's outputs are its members: `node.part` is an `Artifact<FeatureTable>` where the step
/// declares `var part = Output<FeatureTable>()`.
@dynamicMemberLookup
public struct Node<S: Step>: Sendable {
  let graph: UInt64
  let index: Int
  let step: S

  /// The artifact of one output.
  public subscript<Format>(dynamicMember output: KeyPath<S, Output<Format>>) -> Artifact<Format> {
    // The step was decoded, hence every output has its name.
    Artifact(
      .wired(.init(graph: graph, node: index, output: step[keyPath: output].name ?? "?")))
  }
}

/// Collects the nodes of one workshop.
public struct PipelineBuilder {
  private static let count = Atomic<UInt64>(0)
  private let id = PipelineBuilder.count.add(1, ordering: .relaxed).newValue
  private let workshop: String
  private let stages: [Stage]
  private var nodes: [GraphNode] = []
  private var names: Set<String> = []
  private var guards: [BranchGuard] = []
  private var readings = WiringReadings()

  private let scripts: ScriptFolder
  private let remoteNames: (_ url: String) throws -> [String]

  /// A builder for a workshop with these stages; `remoteNames` lists a folder in a bucket.
  public init(
    workshop: String, stages: [Stage], scripts: ScriptFolder = ScriptFolder(path: "", builtIn: [:]),
    remoteNames: @escaping (_ url: String) throws -> [String] = { throw NoBucket(url: $0) }
  ) {
    self.workshop = workshop
    self.stages = stages
    self.scripts = scripts
    self.remoteNames = remoteNames
  }

  /// Reads a file that decides how the graph is wired; the path is absolute.
  ///
  /// Wiring may read in no other way: that a graph is the one of the last run is known by the
  /// configuration and by what was read here and by `names(inFolder:)`.
  public mutating func contents(ofFile path: String) throws -> [UInt8] {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    readings.files[path] = try Digest.of(bytes)
    return bytes
  }

  /// The sorted names in a folder that decides how the graph is wired.
  ///
  /// The path is absolute, or `s3://bucket/prefix`, where the name of a folder ends in a slash.
  public mutating func names(inFolder path: String) throws -> [String] {
    let names =
      try S3URL.isMeant(by: path) ? remoteNames(path) : WiringReadings.names(inFolder: path)
    readings.folders[path] = names
    return names
  }

  /// Whether there is a folder at an absolute path of this machine.
  ///
  /// Ask it of what `names(inFolder:)` gave; those names are what the graph is known by.
  public func isFolder(_ path: String) -> Bool {
    (try? WiringReadings.names(inFolder: path)) != nil
  }

  /// Whether a file of this machine holds nothing; then that decides how the graph is wired.
  public mutating func isEmptyFile(_ path: String) throws -> Bool {
    let bytes = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    return try bytes?.isEmpty == true && contents(ofFile: path).isEmpty
  }

  /// The text of a file in the workshop's folder `Scripts`: the checkout's, or else the one that was
  /// built in.
  ///
  /// So an edit counts without a build.
  public mutating func script(_ name: String) throws -> Script {
    try scripts.script(name, noting: &readings)
  }

  /// Adds a step under a name `<stage>.<step>` or `<stage>.<step>.<number>`.
  ///
  /// `limits` take the place of the step's own; they are no part of its key.
  @discardableResult
  public mutating func add<S: Step>(
    _ name: String, _ step: S, limits: StepLimits? = nil
  ) throws -> Node<S> {
    let template = try attributing(name) { try StepTemplate(of: step) }
    // Decoding what will be hashed proves now that the worker gets the same step.
    let decoded = try attributing(name) {
      try StepTemplate.decode(
        S.self, parameters: template.parameters, inputs: template.inputs.map(\.description.name),
        outputs: template.outputs.map(\.name), unkeyed: template.unkeyed)
    }
    guard !template.outputs.isEmpty else {
      throw error(name, "\(S.stepName) declares no output, so its result could not be kept")
    }
    let wires = try template.inputs.map { input in
      guard let reference = input.reference else {
        throw error(name, "the input '\(input.description.name)' is not wired")
      }
      return GraphNode.Wire(description: input.description, from: reference)
    }
    let description = StepDescription(
      step, template: template, limits: limits ?? step.limits)
    if S.isolation == .inProcess, !step.programs.isEmpty {
      throw error(name, "a step in the runner's process may use no program")
    }
    let index = try insert(
      name, .step(description), wires: wires, outputs: template.outputs)
    return Node(graph: id, index: index, step: decoded)
  }

  /// Brings in a file or folder of this machine, or an object `s3://bucket/key`; a relative path
  /// starts at the project's root.
  public mutating func source<Format>(
    _ name: String, path: String, as format: Format.Type = Format.self
  ) throws -> Artifact<Format> {
    guard !path.isEmpty else { throw error(name, "the source's path is empty") }
    let output = ArtifactDescription(name: "content", format: Format.self)
    if S3URL.isMeant(by: path) {
      guard !output.isTree else {
        throw error(name, "\(path) names one object, and a folder is needed; list its objects")
      }
      _ = try attributing(name) { try S3URL(object: path) }
    }
    let index = try insert(name, .source(path: path), wires: [], outputs: [output])
    return Artifact(.wired(.init(graph: id, node: index, output: "content")))
  }

  /// Delivers an artifact to a published place; consumers of the answer use what was delivered.
  @discardableResult
  public mutating func deliver<Format>(
    _ name: String, _ artifact: Artifact<Format>, to publication: Publication
  ) throws -> Artifact<Format> {
    let reference = try checked(
      artifact, toGoTo: [publication.bucket, publication.prefix, publication.dataset], by: name)
    let input = ArtifactDescription(name: "content", format: Format.self)
    let index = try insert(
      name, .delivery(publication), wires: [.init(description: input, from: reference)],
      outputs: [ArtifactDescription(name: "delivered", format: Format.self)])
    return Artifact(.wired(.init(graph: id, node: index, output: "delivered")))
  }

  /// Adds records to a feature group; the answer is all that the group holds then.
  ///
  /// The same records count once, whoever brings them. What comes later is another history, so what
  /// uses this one runs again.
  @discardableResult
  public mutating func ingest(
    _ name: String, _ records: Artifact<FeatureRecords>, into place: FeaturePlace
  ) throws -> Artifact<FeatureHistory> {
    let reference = try checked(
      records, toGoTo: [place.bucket, place.prefix, place.group], by: name)
    try attributing(name) { try FeatureDefinition.checkGroup(place.group) }
    let input = ArtifactDescription(name: "records", format: FeatureRecords.self)
    let index = try insert(
      name, .ingestion(place), wires: [.init(description: input, from: reference)],
      outputs: [ArtifactDescription(name: "history", format: FeatureHistory.self)])
    return Artifact(.wired(.init(graph: id, node: index, output: "history")))
  }

  /// What is to leave the graph: an output of it, for a place of bucket, prefix and name.
  private func checked<Format>(
    _ artifact: Artifact<Format>, toGoTo place: [String], by name: String
  ) throws -> OutputReference {
    guard case .wired(let reference) = artifact.source else {
      throw error(name, "only the output of a step of this graph can be delivered")
    }
    // The prefix may be empty.
    let parts = place.enumerated().filter { $0.offset != 1 || !$0.element.isEmpty }.map(\.element)
    let components = parts.flatMap { $0.split(separator: "/", omittingEmptySubsequences: false) }
    if let bad = components.first(where: { ["", ".", ".."].contains($0) }) {
      throw error(
        name,
        "cannot deliver to '\(parts.joined(separator: "/"))': '\(bad)' is no name of a folder")
    }
    return reference
  }

  /// A branch: both arms are wired and type-checked, one is run.
  ///
  /// The decision is an artifact, so it is known only when its step has run; the arm not taken is
  /// shown as such.
  public mutating func branch<Format>(
    _ name: String, on choice: Artifact<Choice>,
    then: (inout PipelineBuilder) throws -> Artifact<Format>,
    otherwise: (inout PipelineBuilder) throws -> Artifact<Format>
  ) throws -> Artifact<Format> {
    guard case .wired(let decision) = choice.source else {
      throw error(name, "the branch's decision is not wired")
    }
    try check(decision, as: "decision", of: name)
    func arm(
      _ taken: Bool, _ wire: (inout PipelineBuilder) throws -> Artifact<Format>
    ) throws -> OutputReference {
      guards.append(BranchGuard(branch: name, choice: decision, arm: taken))
      defer { guards.removeLast() }
      guard case .wired(let reference) = try wire(&self).source else {
        throw error(name, "an arm of the branch gives no output of this graph")
      }
      // Looked at from inside of the arm: the result may lie in this one, not in another.
      try check(reference, as: taken ? "then" : "otherwise", of: name)
      return reference
    }
    let first = try arm(true, then)
    let second = try arm(false, otherwise)
    let description = ArtifactDescription(name: "taken", format: Format.self)
    let index = try insert(
      name, .select(then: first, otherwise: second, choice: decision),
      wires: [
        .init(description: ArtifactDescription(name: "then", format: Format.self), from: first),
        .init(
          description: ArtifactDescription(name: "otherwise", format: Format.self), from: second),
      ], outputs: [description])
    return Artifact(.wired(.init(graph: id, node: index, output: "taken")))
  }

  /// The finished graph, with every rule checked that one node alone cannot show.
  public func finish() throws -> Graph {
    let graph = Graph(workshop: workshop, stages: stages, nodes: nodes, readings: readings)
    for rule in GraphRule.all { try rule.check(graph) }
    return graph
  }

  private mutating func insert(
    _ name: String, _ kind: GraphNode.Kind, wires: [GraphNode.Wire],
    outputs: [ArtifactDescription]
  ) throws -> Int {
    guard names.insert(name).inserted else { throw error(name, "the name is given twice") }
    if case .select = kind {
    } else {
      for wire in wires { try check(wire.from, as: wire.description.name, of: name) }
    }
    nodes.append(
      GraphNode(name: name, kind: kind, inputs: wires, outputs: outputs, guards: guards))
    return nodes.count - 1
  }

  /// A wire comes from this graph, and leaves an arm only through the branch's own result.
  private func check(_ wire: OutputReference, as input: String, of name: String) throws {
    guard wire.graph == id, wire.node < nodes.count else {
      throw error(name, "the input '\(input)' comes from another graph")
    }
    let producer = nodes[wire.node]
    guard producer.guards.allSatisfy(guards.contains) else {
      throw error(
        name, "'\(producer.name)' lies in an arm of a branch; use the branch's result instead")
    }
  }

  private func error(_ node: String, _ problem: String) -> WiringError {
    WiringError(workshop: workshop, node: node, problem: problem)
  }

  private func attributing<T>(_ node: String, _ work: () throws -> T) throws -> T {
    do { return try work() } catch { throw self.error(node, "\(error)") }
  }
}
