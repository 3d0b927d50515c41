// Steps that do next to nothing, so that a run of them measures the engine.
import AtelierStep

/// The steps of this family.
public enum SyntheticFamily {
  public static let steps: [any Step.Type] = [Derive.self, DeriveInProcess.self]
}

/// Bytes that nobody reads but the next step.
public enum SyntheticFile: ArtifactFormat {
  public static let mediaType = "application/octet-stream"
  public static let fileExtension = "bin"
}
