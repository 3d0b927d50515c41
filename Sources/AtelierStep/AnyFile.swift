// A file about which nothing is known: one format for all families, so that no two share its name.

/// A file of any kind, for steps that take it as it is.
public enum AnyFile: ArtifactFormat {
  /// Any bytes.
  public static let mediaType = "application/octet-stream"
  /// None: a program that looks at names is told nothing.
  public static let fileExtension = ""
}
