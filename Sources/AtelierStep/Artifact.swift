// Artifacts as a step's author sees them: typed inputs and outputs, never where bytes live.

/// What an artifact holds: a phantom type that keeps wires apart at compile time.
public protocol ArtifactFormat: Sendable {
  /// The media type, part of the action key, for example `text/csv`.
  static var mediaType: String { get }
  /// The file name extension without a dot; empty for none or for a tree.
  static var fileExtension: String { get }
  /// True for a directory tree, false for one file.
  static var isTree: Bool { get }
}

extension ArtifactFormat {
  /// False: the artifact is a file.
  public static var isTree: Bool { false }
}

/// The place in a graph where an artifact comes from: a node's output.
public struct OutputReference: Hashable, Sendable {
  /// The builder that made the node: a wire between two graphs is refused.
  public let graph: UInt64
  /// The index of the node in its graph.
  public let node: Int
  /// The name of the output.
  public let output: String

  /// An output of a node of a graph.
  public init(graph: UInt64 = 0, node: Int, output: String) {
    self.graph = graph
    self.node = node
    self.output = output
  }
}

/// One input of a step: a file or tree that holds a `Format`.
///
/// While wiring it refers to another node's output; in a running step it is bound to an input name,
/// and `StepContext.path(_:)` gives its path.
public struct Artifact<Format: ArtifactFormat>: Hashable, Sendable {
  /// Where the artifact comes from.
  public enum Source: Hashable, Sendable {
    case wired(OutputReference)
    case bound(input: String)
  }

  /// Where the bytes come from.
  public let source: Source

  /// An artifact from a source.
  public init(_ source: Source) { self.source = source }
}

/// A named output of a step.
///
/// Its name is the name of the property that holds it.
public struct Output<Format: ArtifactFormat>: Hashable, Sendable {
  /// The property's name; nil until the step was decoded.
  public let name: String?

  /// An output that takes the name of the property that holds it.
  public init() { name = nil }
  init(name: String) { self.name = name }

  /// An output that a step makes under a name without a property for it.
  public init(named name: String) { self.name = name }
}

/// What the engine must know of an input or output besides its type.
public struct ArtifactDescription: Hashable, Sendable {
  /// The name of the input or output.
  public let name: String
  /// The media type of the format.
  public let mediaType: String
  /// The file extension of the format; empty for none.
  public let fileExtension: String
  /// Whether the artifact is a tree of files.
  public let isTree: Bool

  /// Describes a format under a name.
  public init<Format: ArtifactFormat>(name: String, format: Format.Type) {
    self.name = name
    mediaType = format.mediaType
    fileExtension = format.isTree ? "" : format.fileExtension
    isTree = format.isTree
  }

  /// Describes what a key document says of an input or output.
  ///
  /// `fileName` is that in the step's directory, of which the extension follows.
  package init(name: String, mediaType: String, fileName: String, isTree: Bool) {
    self.name = name
    self.mediaType = mediaType
    fileExtension = fileName.hasPrefix(name + ".") ? String(fileName.dropFirst(name.count + 1)) : ""
    self.isTree = isTree
  }

  /// The file's name in a step's directory: the name and the extension.
  public var fileName: String { fileExtension.isEmpty ? name : "\(name).\(fileExtension)" }
}

extension Artifact: Codable {
  /// Reads the artifact of a step that is decoded.
  public init(from decoder: any Decoder) throws {
    guard let decoder = decoder as? StepDecoder, let name = decoder.value.placeholder(.input) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "an Artifact is decoded from a step's key document only"))
    }
    source = .bound(input: name)
  }

  /// Writes the artifact of a step that is encoded.
  public func encode(to encoder: any Encoder) throws {
    guard let encoder = encoder as? StepEncoder else {
      throw EncodingError.invalidValue(
        self,
        .init(
          codingPath: encoder.codingPath,
          debugDescription: "an Artifact is encoded as part of a step only"))
    }
    let description = ArtifactDescription(name: try encoder.inputName(), format: Format.self)
    encoder.add(
      input: description, reference: { if case .wired(let r) = source { r } else { nil } }())
  }
}

extension Output: Codable {
  /// Reads the output of a step that is decoded.
  public init(from decoder: any Decoder) throws {
    guard let decoder = decoder as? StepDecoder, let name = decoder.value.placeholder(.output)
    else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "an Output is decoded from a step's key document only"))
    }
    self.name = name
  }

  /// Writes the output of a step that is encoded.
  public func encode(to encoder: any Encoder) throws {
    let encoder = try StepEncoder.ofProperty(encoder, self, "an Output")
    encoder.add(
      output: ArtifactDescription(name: encoder.codingPath[0].stringValue, format: Format.self))
  }
}
