// A frozen workshop: nodes in topological order. It knows nothing of stores or of running.
import AtelierStep
import Content

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A group of steps that people run together, such as `week2`.
public struct Stage: Sendable, Hashable {
  /// The first component of its steps' names.
  public let name: String
  /// Other names for it on the command line.
  public let aliases: [String]
  /// One line for people.
  public let summary: String

  /// A stage by its name, its other names, and one line for people.
  public init(_ name: String, aliases: [String] = [], _ summary: String) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
  }
}

/// A validated DAG.
///
/// A node refers to earlier nodes only, so there is no circle.
public struct Graph: Sendable {
  /// The workshop's name.
  public let workshop: String
  /// The stages in their order.
  public let stages: [Stage]
  /// The nodes, each after everything that it depends on.
  public let nodes: [GraphNode]
  /// What wiring itself has read.
  public let readings: WiringReadings
  /// What the author should know, though it is no mistake.
  public let warnings: [String]
  /// The numbers and decisions that the workshop is judged by.
  public let keys: KeyDeclarations
}

/// The files and folders that decided how a graph was wired.
public struct WiringReadings: Hashable, Sendable {
  /// Absolute paths of files, with the digests of their bytes.
  public internal(set) var files: [String: Digest] = [:]
  /// Absolute paths or URLs of folders, with the names in them, sorted.
  public internal(set) var folders: [String: [String]] = [:]
  /// Bytes of those files that settings name; the others are the workshop's own scripts.
  public internal(set) var named: [String: Int64] = [:]
  /// Those folders that settings name; the others are the workshop's own.
  public internal(set) var namedFolders: Set<String> = []

  /// The names in a folder, sorted.
  public static func names(inFolder path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

/// The arm of a branch that a node belongs to.
public struct BranchGuard: Hashable, Sendable {
  /// The name of the branch.
  public let branch: String
  /// The decision's artifact.
  public let choice: OutputReference
  /// The arm: true for `then`, false for `otherwise`.
  public let arm: Bool
}

/// One node of a graph.
public struct GraphNode: Sendable {
  /// What a node does.
  public enum Kind: Sendable {
    /// Runs a step.
    case step(StepDescription)
    /// Brings in a file or a folder of this machine, or an object in a bucket.
    case source(path: String)
    /// Delivers an artifact to a published place; its output is what was delivered.
    case delivery(Publication)
    /// Adds records to a feature group; its output is all that the group then holds.
    case ingestion(FeaturePlace)
    /// Is the artifact of the arm that was taken.
    case select(then: OutputReference, otherwise: OutputReference, choice: OutputReference)
  }

  /// The name, unique within the graph.
  public let name: String
  /// What the node does.
  public let kind: Kind
  /// The wires: input name and where it comes from.
  public let inputs: [Wire]
  /// The outputs in the order of their declaration.
  public let outputs: [ArtifactDescription]
  /// The arms that this node lies in, outermost first.
  public let guards: [BranchGuard]
  /// The indices of the nodes that must be done before this one, ascending.
  public let dependencies: [Int]

  init(
    name: String, kind: Kind, inputs: [Wire], outputs: [ArtifactDescription],
    guards: [BranchGuard]
  ) {
    self.name = name
    self.kind = kind
    self.inputs = inputs
    self.outputs = outputs
    self.guards = guards
    var all = inputs.map(\.from.node) + guards.map(\.choice.node)
    if case .select(_, _, let choice) = kind { all.append(choice.node) }
    dependencies = all.count < 2 ? all : Array(Set(all)).sorted()
  }

  /// A wire into a node.
  public struct Wire: Sendable, Hashable {
    /// The input's name and format.
    public let description: ArtifactDescription
    /// The output that it is wired to.
    public let from: OutputReference
  }

  /// The stage: the first component of the name.
  public var stage: String { String(name.prefix { $0 != "." }) }

  /// The step, if the node runs one.
  public var step: StepDescription? { if case .step(let step) = kind { step } else { nil } }
}

/// A step as data: what the key needs, and what the scheduler may use.
public struct StepDescription: Sendable {
  /// The family of the step.
  public let family: String
  /// The name of the step within its family.
  public let step: String
  /// The fingerprint of the step's code.
  public let code: CodeFingerprint
  /// The parameters, as they enter the key.
  public let parameters: JSONValue
  /// What the worker is told beside the parameters, and no key holds.
  public let unkeyed: [String: JSONValue]
  /// The SQL texts by file name.
  public let sql: [String: String]
  /// The texts in other languages by file name.
  public let scripts: [String: String]
  /// The programs and libraries that make the bytes.
  public let programs: [Program]
  /// Whether the step may use the network.
  public let usesNetwork: Bool
  /// Where the step runs.
  public let isolation: Isolation
  /// Retries, timeouts and resources.
  public let limits: StepLimits

  /// Describes a step whose parameters were taken apart.
  package init<S: Step>(_ step: S, template: StepTemplate, limits: StepLimits) {
    family = S.code.family
    self.step = S.stepName
    code = S.code
    parameters = template.parameters
    unkeyed = template.unkeyed
    sql = step.sql
    scripts = step.scripts
    programs = step.programs
    usesNetwork = step.usesNetwork
    isolation = S.isolation
    self.limits = limits
  }
}

/// Where an artifact is delivered for people and other tools.
public struct Publication: Sendable, Hashable {
  /// The bucket, or the folder that stands for it in a local store.
  public let bucket: String
  /// The prefix within the bucket, without slashes at its ends; may be empty.
  public let prefix: String
  /// The data set's own folder below the prefix.
  public let dataset: String
  /// The name of a single file; a tree keeps its own names.
  public let fileName: String

  /// A data set below a prefix of a bucket.
  public init(bucket: String, prefix: String, dataset: String, fileName: String = "part-00000") {
    self.bucket = bucket
    self.prefix = prefix
    self.dataset = dataset
    self.fileName = fileName
  }

  /// The folder of all its exports, from the bucket down.
  public var place: String {
    [bucket, prefix, dataset].filter { !$0.isEmpty }.joined(separator: "/")
  }
}

/// A feature group, and where the groups lie.
public struct FeaturePlace: Sendable, Hashable {
  /// The bucket, or the folder that stands for it in a local store.
  public let bucket: String
  /// The prefix within the bucket, without slashes at its ends; may be empty.
  public let prefix: String
  /// The group's name.
  public let group: String

  /// A feature group below a prefix of a bucket.
  public init(bucket: String, prefix: String, group: String) {
    self.bucket = bucket
    self.prefix = prefix
    self.group = group
  }

  /// The group's folder, from the bucket down.
  public var place: String {
    [bucket, prefix, "features", group].filter { !$0.isEmpty }.joined(separator: "/")
  }
}
