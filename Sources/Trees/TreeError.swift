// Why something is no tree, said so that a person can act.
import Content

/// A folder or a manifest that is no tree.
public enum TreeError: Error, Hashable, Sendable {
  /// A folder cannot become a tree; one sentence for each problem.
  case invalidTree(path: String, problems: [String])
  /// A manifest's bytes are not a canonical tree.
  case invalidManifest(digest: Digest, reason: String)
}

extension TreeError: CustomStringConvertible {
  /// The error in one sentence.
  public var description: String {
    switch self {
    case .invalidTree(let path, let problems):
      "the folder \(path) cannot be stored as a tree: " + problems.joined(separator: "; ")
        + "; remove or rename what is named"
    case .invalidManifest(let digest, let reason):
      "the tree \(digest) is not a canonical manifest (\(reason)); "
        + "remove the result that names it and run again"
    }
  }
}
