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

/// Collects the nodes of one workshop.
///
/// Mistakes are collected, too, and thrown together by ``finish()``, so that wiring needs no `try`:
/// what was wired wrongly gives an artifact all the same, which leads to no second mistake.
public struct PipelineBuilder {
  private static let count = Atomic<UInt64>(0)
  /// The index of what could not be wired.
  static let nowhere = -1

  let id = PipelineBuilder.count.add(1, ordering: .relaxed).newValue
  /// The workshop's name.
  public let workshop: String
  private let stages: [Stage]
  private(set) var nodes: [GraphNode] = []
  private var names: Set<String> = []
  private var guards: [BranchGuard] = []
  private var readings = WiringReadings()
  var mistakes: [WiringError] = []
  private var warnings: [String] = []
  private var scope: String?
  private var shared: [String: OutputReference] = [:]
  /// What the workshop is judged by.
  var keys = KeyDeclarations()

  /// The folder that relative paths of the configuration start from, absolute.
  private let projectRoot: String
  private let scripts: ScriptFolder
  private let remoteNames: (_ url: String) throws -> [String]
  private let given: GivenReadings?

  /// A builder for a workshop with these stages; `remoteNames` lists a folder in a bucket, and what is
  /// `given` is read from nowhere else.
  public init(
    workshop: String, stages: [Stage], projectRoot: String = "",
    scripts: ScriptFolder = ScriptFolder(path: "", builtIn: [:]),
    remoteNames: @escaping (_ url: String) throws -> [String] = { throw NoBucket(url: $0) },
    given: GivenReadings? = nil
  ) {
    self.workshop = workshop
    self.stages = stages
    self.projectRoot = projectRoot
    self.scripts = scripts
    self.remoteNames = remoteNames
    self.given = given
  }

  /// Wires the steps of a stage, whose names are then given without the stage's.
  ///
  ///     let daily = p.stage("week1") { week1 in
  ///       week1.sql("daily", "daily.sql", ["events": events], as: CSVTable.self, orderedBy: ["day"])
  ///     }
  public mutating func stage<Result>(
    _ name: String, _ wire: (inout PipelineBuilder) throws -> Result
  ) rethrows -> Result {
    let outer = scope
    scope = name
    defer { scope = outer }
    return try wire(&self)
  }

  /// An artifact that several steps share: wired at the first call with a key, outside of stages'
  /// scopes and the arms of branches, and the same at every other.
  public mutating func once<Format>(
    _ key: String, _ wire: (inout PipelineBuilder) throws -> Artifact<Format>
  ) rethrows -> Artifact<Format> {
    if let known = shared[key] { return Artifact(.wired(known)) }
    let (outer, arms) = (scope, guards)
    (scope, guards) = (nil, [])
    defer { (scope, guards) = (outer, arms) }
    let artifact = try wire(&self)
    if case .wired(let reference) = artifact.source { shared[key] = reference }
    return artifact
  }

  /// A path of the configuration, absolute: a relative one starts at the project's root.
  public func path(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(projectRoot)/\(path)"
  }

  /// The whole name of a step that is given in the scope of a stage.
  public func wholeName(_ name: String) -> String { scope.map { "\($0).\(name)" } ?? name }

  /// Notes a mistake in the wiring of a step, whose name is given as in the scope.
  public mutating func fail(_ name: String, _ problem: String) {
    mistakes.append(error(wholeName(name), problem))
  }

  /// An artifact of a step that could not be wired, so that wiring goes on; note the mistake first.
  public func unwired<Format>(_ format: Format.Type = Format.self) -> Artifact<Format> {
    Artifact(.wired(.init(graph: id, node: Self.nowhere, output: "?")))
  }

  /// Reads a file that decides how the graph is wired; the path is absolute.
  ///
  /// Wiring may read in no other way: that a graph is the one of the last run is known by the
  /// configuration and by what was read here and by `names(inFolder:)`.
  public mutating func contents(ofFile path: String) throws -> [UInt8] {
    let bytes = try given.map { try $0.file(path) } ?? WiringFile.read(path)
    readings.files[path] = try Digest.of(bytes)
    readings.named[path] = Int64(bytes.count)
    return bytes
  }

  /// The sorted names in a folder that decides how the graph is wired.
  ///
  /// The path is absolute, or `s3://bucket/prefix` or `aep://<data set>`, where the name of a folder ends
  /// in a slash.
  public mutating func names(inFolder path: String) throws -> [String] {
    let names =
      if let given {
        try given.folder(path)
      } else {
        try ObjectURL.isMeant(by: path) ? remoteNames(path) : WiringReadings.names(inFolder: path)
      }
    readings.folders[path] = names
    readings.namedFolders.insert(path)
    return names
  }

  /// Whether there is a folder at an absolute path of this machine.
  ///
  /// Ask it of what `names(inFolder:)` gave; those names are what the graph is known by.
  public func isFolder(_ path: String) -> Bool {
    if let given { return given.folders[path] != nil }
    return (try? WiringReadings.names(inFolder: path)) != nil
  }

  /// Whether a file of this machine holds nothing; then that decides how the graph is wired.
  public mutating func isEmptyFile(_ path: String) throws -> Bool {
    if let given { return try given.files[path]?.isEmpty == true && contents(ofFile: path).isEmpty }
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

  /// The text of a file in the folder `Scripts` of the checkout; nil where it is not there.
  public mutating func scriptOfCheckout(_ name: String) throws -> Script? {
    try scripts.scriptOfCheckout(name, noting: &readings)
  }

  /// Notes what the author should know of the wiring, though it is no mistake; said once by each `run` and
  /// `status`.
  public mutating func warn(_ text: String) {
    if !warnings.contains(text) { warnings.append(text) }
  }

  /// Adds a step under a name `<stage>.<step>` or `<stage>.<step>.<number>`, in the scope of a stage
  /// without the stage's name.
  ///
  /// `limits` take the place of the step's own; they are no part of its key.
  @discardableResult
  public mutating func add<S: Step>(
    _ name: String, _ step: S, limits: StepLimits? = nil
  ) -> Node<S> {
    let name = wholeName(name)
    let added = attempt(name) { p in
      let template = try StepTemplate(of: step)
      // Decoding what will be hashed proves now that the worker gets the same step.
      let decoded = try StepTemplate.decode(
        S.self, parameters: template.parameters, inputs: template.inputs.map(\.description.name),
        outputs: template.outputs.map(\.name), unkeyed: template.unkeyed,
        texts: step.texts)
      guard !template.outputs.isEmpty else {
        throw StepFailure("\(S.stepName) declares no output, so its result could not be kept")
      }
      let wires = try template.inputs.map { input in
        guard let reference = input.reference else {
          throw StepFailure("the input '\(input.description.name)' is not wired")
        }
        return GraphNode.Wire(description: input.description, from: reference)
      }
      let description = StepDescription(step, template: template, limits: limits ?? step.limits)
      if S.isolation != .process, !step.programs.isEmpty {
        throw StepFailure("a step in the runner's process may use no program")
      }
      let index = try p.insert(
        name, .step(description), wires: wires, outputs: template.outputs)
      return Node(graph: p.id, index: index, step: decoded)
    }
    return added ?? Node(graph: id, index: Self.nowhere, step: step)
  }

  /// Brings in a file or folder of this machine, or an object `s3://bucket/key` or
  /// `aep://<data set>/<batch>/<file>`; a relative path starts at the project's root.
  public mutating func source<Format>(
    _ name: String, path: String, as format: Format.Type = Format.self
  ) -> Artifact<Format> {
    let name = wholeName(name)
    let output = ArtifactDescription(name: "content", format: Format.self)
    return artifact(name, output.name) { p in
      guard !path.isEmpty else { throw StepFailure("the source's path is empty") }
      if ObjectURL.isMeant(by: path) {
        guard !output.isTree else {
          throw StepFailure(
            "\(path) names one object, and a folder is needed; list its objects")
        }
        if S3URL.isMeant(by: path) {
          _ = try S3URL(object: path)
        } else {
          _ = try PlatformURL(object: path)
        }
      }
      return try p.insert(name, .source(path: path), wires: [], outputs: [output])
    }
  }

  /// Delivers an artifact to a published place; consumers of the answer use what was delivered.
  @discardableResult
  public mutating func deliver<Format>(
    _ name: String, _ artifact: Artifact<Format>, to publication: Publication
  ) -> Artifact<Format> {
    let name = wholeName(name)
    return self.artifact(name, "delivered") { p in
      let reference = try p.checked(
        artifact, toGoTo: [publication.bucket, publication.prefix, publication.dataset])
      let input = ArtifactDescription(name: "content", format: Format.self)
      return try p.insert(
        name, .delivery(publication), wires: [.init(description: input, from: reference)],
        outputs: [ArtifactDescription(name: "delivered", format: Format.self)])
    }
  }

  /// Adds records to a feature group; the answer is all that the group holds then.
  ///
  /// The same records count once, whoever brings them. What comes later is another history, so what
  /// uses this one runs again.
  @discardableResult
  public mutating func ingest(
    _ name: String, _ records: Artifact<FeatureRecords>, into place: FeaturePlace
  ) -> Artifact<FeatureHistory> {
    let name = wholeName(name)
    return artifact(name, "history") { p in
      let reference = try p.checked(
        records, toGoTo: [place.bucket, place.prefix, place.group])
      try FeatureDefinition.checkGroup(place.group)
      let input = ArtifactDescription(name: "records", format: FeatureRecords.self)
      return try p.insert(
        name, .ingestion(place), wires: [.init(description: input, from: reference)],
        outputs: [ArtifactDescription(name: "history", format: FeatureHistory.self)])
    }
  }

  /// What is to leave the graph: an output of it, for a place of bucket, prefix and name.
  private func checked<Format>(
    _ artifact: Artifact<Format>, toGoTo place: [String]
  ) throws -> OutputReference {
    guard case .wired(let reference) = artifact.source else {
      throw StepFailure("only the output of a step of this graph can be delivered")
    }
    // The prefix may be empty.
    let parts = place.enumerated().filter { $0.offset != 1 || !$0.element.isEmpty }.map(\.element)
    let components = parts.flatMap { $0.split(separator: "/", omittingEmptySubsequences: false) }
    guard place.first?.isEmpty != true else {
      throw StepFailure(
        "cannot deliver without a bucket: [AWS] s3_bucket_name is empty; set a name")
    }
    if let bad = components.first(where: { ["", ".", ".."].contains($0) }) {
      throw StepFailure(
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
  ) rethrows -> Artifact<Format> {
    let name = wholeName(name)
    let decision = attempt(name) { p in
      guard case .wired(let decision) = choice.source else {
        throw StepFailure("the branch's decision is not wired")
      }
      try p.check(decision, as: "decision")
      return decision
    }
    let first = try arm(name, true, decision, then)
    let second = try arm(name, false, decision, otherwise)
    let description = ArtifactDescription(name: "taken", format: Format.self)
    return artifact(name, description.name) { p in
      guard let decision, let first, let second else { throw Followed() }
      return try p.insert(
        name, .select(then: first, otherwise: second, choice: decision),
        wires: [
          .init(description: ArtifactDescription(name: "then", format: Format.self), from: first),
          .init(
            description: ArtifactDescription(name: "otherwise", format: Format.self), from: second),
        ], outputs: [description])
    }
  }

  /// Wires an arm of a branch, and gives its result; nil where it has none.
  private mutating func arm<Format>(
    _ name: String, _ taken: Bool, _ decision: OutputReference?,
    _ wire: (inout PipelineBuilder) throws -> Artifact<Format>
  ) rethrows -> OutputReference? {
    if let decision { guards.append(BranchGuard(branch: name, choice: decision, arm: taken)) }
    defer { if decision != nil { guards.removeLast() } }
    let result = try wire(&self)
    return attempt(name) { p in
      guard case .wired(let reference) = result.source else {
        throw StepFailure("an arm of the branch gives no output of this graph")
      }
      // Looked at from inside of the arm: the result may lie in this one, not in another.
      try p.check(reference, as: taken ? "then" : "otherwise")
      return reference
    }
  }

  /// The finished graph, with every rule checked that one node alone cannot show.
  ///
  /// Throws a ``WiringError``, or ``WiringErrors`` where there are several.
  public func finish() throws -> Graph {
    let graph = Graph(
      workshop: workshop, stages: stages, nodes: nodes, readings: readings, warnings: warnings,
      keys: keys)
    var errors = mistakes
    if errors.isEmpty { errors = GraphRule.mistakes(in: graph) }
    guard let first = errors.first else { return graph }
    throw errors.count == 1 ? first : WiringErrors(errors: errors)
  }

  private mutating func insert(
    _ name: String, _ kind: GraphNode.Kind, wires: [GraphNode.Wire],
    outputs: [ArtifactDescription]
  ) throws -> Int {
    guard names.insert(name).inserted else { throw StepFailure("the name is given twice") }
    if case .select = kind {
    } else {
      for wire in wires { try check(wire.from, as: wire.description.name) }
    }
    nodes.append(
      GraphNode(name: name, kind: kind, inputs: wires, outputs: outputs, guards: guards))
    return nodes.count - 1
  }

  /// A wire comes from this graph, and leaves an arm only through the branch's own result.
  private func check(_ wire: OutputReference, as input: String) throws {
    guard wire.graph == id, wire.node < nodes.count else {
      throw StepFailure("the input '\(input)' comes from another graph")
    }
    guard wire.node != Self.nowhere else { throw Followed() }
    let producer = nodes[wire.node]
    guard producer.outputs.contains(where: { $0.name == wire.output }) else {
      throw StepFailure(
        "'\(producer.name)' has no output '\(wire.output)'; it has "
          + producer.outputs.map(\.name).joined(separator: ", "))
    }
    guard producer.guards.allSatisfy(guards.contains) else {
      throw StepFailure(
        "'\(producer.name)' lies in an arm of a branch; use the branch's result instead")
    }
  }

  private func error(_ node: String, _ problem: String) -> WiringError {
    WiringError(workshop: workshop, node: node, problem: problem)
  }

  /// Something that could not be wired since what it needs could not be: no mistake of its own.
  private struct Followed: Error {}

  /// Wires something, or notes why that cannot be.
  private mutating func attempt<T>(
    _ node: String, _ work: (inout PipelineBuilder) throws -> T
  ) -> T? {
    do {
      return try work(&self)
    } catch is Followed {
      return nil
    } catch {
      mistakes.append(self.error(node, "\(error)"))
      return nil
    }
  }

  private mutating func artifact<Format>(
    _ node: String, _ output: String, _ work: (inout PipelineBuilder) throws -> Int
  ) -> Artifact<Format> {
    let index = attempt(node, work) ?? Self.nowhere
    return Artifact(.wired(.init(graph: id, node: index, output: output)))
  }
}
