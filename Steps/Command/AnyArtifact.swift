// Artifacts whose format a command does not care about. It knows no program.
import AtelierStep

/// A directory tree of any kind.
public enum AnyTree: ArtifactFormat {
  public static let mediaType = "application/vnd.atelier.any+directory"
  public static let fileExtension = ""
  public static let isTree = true
}

/// An artifact of any format as the input of a command.
///
/// It keeps the format's media type and file extension, so a program that looks at names finds
/// `rows.csv` where the step that made it says CSV.
public struct AnyArtifact: Codable, Sendable {
  private let untyped: Artifact<AnyFile>
  private let encodeTyped: @Sendable (any Encoder) throws -> Void

  /// Forgets the format of an artifact for the compiler, not for the key.
  public init<Format>(_ artifact: Artifact<Format>) {
    untyped = Artifact(anyOf: artifact)
    encodeTyped = { try artifact.encode(to: $0) }
  }

  public init(from decoder: any Decoder) throws {
    self.init(try Artifact<AnyFile>(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws { try encodeTyped(encoder) }

  /// The path of the file or of the tree's root in a running step.
  func path(in context: StepContext) throws -> String { try context.path(untyped) }
}

extension Artifact {
  /// Takes an artifact of one format for one of another: what a command made is what you say it is.
  ///
  /// Both must be files or both trees. Nothing checks the bytes.
  public init<Other>(anyOf other: Artifact<Other>) {
    switch other.source {
    case .wired(let reference): self.init(.wired(reference))
    case .bound(let input): self.init(.bound(input: input))
    }
  }
}
