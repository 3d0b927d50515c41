// The format of what synthetic steps hand on. It reads none.
import AtelierStep

/// Bytes that nobody reads but the next step.
public enum SyntheticFile: ArtifactFormat {
  public static let mediaType = "application/octet-stream"
  public static let fileExtension = "bin"
}
