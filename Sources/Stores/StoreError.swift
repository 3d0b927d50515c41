// What can go wrong in a store, said so that a person can act. It never prints or exits.
import Content

/// A failure of a store: where, what was found, what was expected, what to do.
public enum StoreError: Error, Hashable, Sendable {
  /// The root, or a folder that must hold it, is something else than a folder.
  case notAFolder(path: String)
  /// The store cannot be written to.
  case notWritable(path: String, reason: String)
  /// The store was made by a program with another layout.
  case layout(path: String, found: String, expected: String)
  /// The store was opened for reading only.
  case readOnly(path: String)
  /// Others use the store in a way that excludes this one.
  case busy(path: String, advice: String)
  /// A call to the operating system failed.
  case system(operation: String, path: String, reason: String)
  /// A file cannot be renamed into place, since it lies on another file system than the target.
  case otherFileSystem(path: String, target: String)
  /// A path holds something that cannot be stored as asked.
  case unsuitable(path: String, found: String, expected: String)
  /// A file was written to while it was read.
  case changing(path: String)
  /// A folder cannot become a tree; one sentence for each problem.
  case invalidTree(path: String, problems: [String])
  /// A manifest's bytes are not a canonical tree.
  case invalidManifest(digest: Digest, reason: String)
  /// Bytes that are asked for are not there.
  case missing(digest: Digest, store: String)
  /// Bytes have another digest than they should.
  case wrongDigest(path: String, expected: Digest, found: Digest)
  /// An action result whose key document does not have the key as its digest.
  case invalidResult(key: ActionKey, reason: String)
}

extension StoreError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notAFolder(let path):
      "\(path) is not a folder; a store needs a folder: choose another root or move the file away"
    case .notWritable(let path, let reason):
      "the store cannot be written at \(path): \(reason); make it writable or choose another root"
    case .layout(let path, let found, let expected):
      "\(path) says store layout '\(found)', expected '\(expected)'; "
        + "use the atelier that made the store, or choose another root"
    case .readOnly(let path):
      "the store at \(path) is open for reading only; open it for writing to change it"
    case .busy(let path, let advice): "the store at \(path) is in use: \(advice)"
    case .system(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
    case .otherFileSystem(let path, let target):
      "\(path) is on another file system than \(target); copy it instead of moving it"
    case .unsuitable(let path, let found, let expected):
      "\(path) is \(found), expected \(expected)"
    case .changing(let path):
      "\(path) changed while it was read; wait until its writer is done and run again"
    case .invalidTree(let path, let problems):
      "the folder \(path) cannot be stored as a tree: " + problems.joined(separator: "; ")
        + "; remove or rename what is named"
    case .invalidManifest(let digest, let reason):
      "the tree \(digest) is not a canonical manifest (\(reason)); "
        + "remove the result that names it and run again"
    case .missing(let digest, let store):
      "\(digest) is not in \(store); run again to make it, or pull it"
    case .wrongDigest(let path, let expected, let found):
      "\(path) has digest \(found), expected \(expected); its bytes are damaged: get them again"
    case .invalidResult(let key, let reason):
      "the result of action \(key) cannot be stored: \(reason)"
    }
  }
}
