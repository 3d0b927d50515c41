// Artifacts whose format a step does not care about. It knows no step.

/// A directory tree of any kind.
public enum AnyTree: ArtifactFormat {
  /// A media type of our own.
  public static let mediaType = "application/vnd.atelier.any+directory"
  /// None: it is a folder.
  public static let fileExtension = ""
  /// True.
  public static let isTree = true
}

/// An artifact of any format as the input of a step.
///
/// It keeps the format's media type and file extension, so a program that looks at names finds
/// `rows.csv` where the step that made it says CSV.
public struct AnyArtifact: Codable, Sendable {
  private let untyped: Artifact<AnyFile>
  /// The format; nil in a step that was decoded.
  public let format: (any ArtifactFormat.Type)?
  private let encodeTyped: @Sendable (any Encoder) throws -> Void

  /// Forgets the format of an artifact for the compiler, not for the key.
  public init<Format>(_ artifact: Artifact<Format>) {
    untyped = Artifact(anyOf: artifact)
    format = Format.self
    encodeTyped = { try artifact.encode(to: $0) }
  }

  /// Reads the artifact of a step that is decoded.
  public init(from decoder: any Decoder) throws {
    let artifact = try Artifact<AnyFile>(from: decoder)
    untyped = artifact
    format = nil
    // The format is the document's, which the step itself does not know.
    let shape = (decoder as? StepDecoder).flatMap { decoder in
      decoder.value.placeholder(.input).flatMap { decoder.shapes.inputs[$0] }
    }
    encodeTyped = { encoder in
      if let encoder = encoder as? StepEncoder, let shape {
        encoder.add(input: shape, reference: nil)
      } else {
        try artifact.encode(to: encoder)
      }
    }
  }

  /// Writes the artifact with its own format.
  public func encode(to encoder: any Encoder) throws { try encodeTyped(encoder) }

  /// The path of the file or of the tree's root in a running step.
  public func path(in context: StepContext) throws -> String { try context.path(untyped) }
}

extension Artifact {
  /// Takes an artifact of one format for one of another: it is what you say it is.
  ///
  /// Both must be files or both trees. Nothing checks the bytes.
  public init<Other>(anyOf other: Artifact<Other>) {
    switch other.source {
    case .wired(let reference): self.init(.wired(reference))
    case .bound(let input): self.init(.bound(input: input))
    }
  }
}
