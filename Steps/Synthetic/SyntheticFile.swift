// The format of what synthetic steps hand on. It reads none.
import AtelierStep

/// Bytes that nobody reads but the next step.
public enum SyntheticFile: ArtifactFormat {
  /// Any bytes.
  public static let mediaType = "application/octet-stream"
  /// `bin`.
  public static let fileExtension = "bin"
}
