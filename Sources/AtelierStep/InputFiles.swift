// Inputs whose number and formats are chosen where a step is wired. It knows no step.

/// One artifact or several of one kind, as an input of a step that runs somebody's script.
///
///     public var inputs: [String: InputFiles]
public struct InputFiles: Codable, Sendable {
  /// The artifacts in their order.
  public let artifacts: [AnyArtifact]
  /// Whether they were given as a list, which may have one element or none.
  public let isList: Bool

  /// One artifact.
  public init<Format>(_ artifact: Artifact<Format>) {
    artifacts = [AnyArtifact(artifact)]
    isList = false
  }

  /// One artifact of a format that the compiler does not know.
  public init(_ artifact: AnyArtifact) {
    artifacts = [artifact]
    isList = false
  }

  /// A list of artifacts.
  public init<Format>(_ artifacts: [Artifact<Format>]) {
    self.artifacts = artifacts.map { AnyArtifact($0) }
    isList = true
  }

  /// Reads what the wiring gave: an artifact or a list.
  public init(from decoder: any Decoder) throws {
    let isOne = (decoder as? StepDecoder)?.value.placeholder(.input) != nil
    artifacts = isOne ? [try AnyArtifact(from: decoder)] : try [AnyArtifact](from: decoder)
    isList = !isOne
  }

  /// Writes the artifact itself, or the list.
  public func encode(to encoder: any Encoder) throws {
    if !isList, let artifact = artifacts.first {
      try artifact.encode(to: encoder)
    } else {
      try artifacts.encode(to: encoder)
    }
  }

  /// The paths of the files or of the trees' roots in a running step.
  public func paths(in context: StepContext) throws -> [String] {
    try artifacts.map { try $0.path(in: context) }
  }
}

/// What a script's step can be given under a name: an artifact, or a list of artifacts.
public protocol ScriptInput: Sendable {
  /// The artifacts.
  var files: InputFiles { get }
}

extension Artifact: ScriptInput {
  /// The artifact alone.
  public var files: InputFiles { InputFiles(self) }
}

extension AnyArtifact: ScriptInput {
  /// The artifact alone.
  public var files: InputFiles { InputFiles(self) }
}

extension Array: ScriptInput where Element: ScriptInput {
  /// The elements as one list.
  public var files: InputFiles { InputFiles(list: flatMap(\.files.artifacts)) }
}

extension InputFiles {
  init(list: [AnyArtifact]) {
    artifacts = list
    isList = true
  }
}
