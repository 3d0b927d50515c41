// What can go wrong with a file, said so that a person can act. It never prints or exits.

/// A failed operation on a file or folder: where, what was found, what was expected.
package enum FileError: Error, Hashable, Sendable {
  /// Something that must be a folder is something else.
  case notAFolder(path: String)
  /// A call to the operating system failed.
  case system(operation: String, path: String, reason: String)
  /// A file cannot be renamed into place, since it lies on another file system than the target.
  case otherFileSystem(path: String, target: String)
  /// A path holds something that cannot be used as asked.
  case unsuitable(path: String, found: String, expected: String)
  /// A file is larger than one of its kind can be.
  case tooLarge(path: String, size: Int64, limit: Int)
  /// A file was written to while it was read.
  case changing(path: String)
}

extension FileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAFolder(let path): "\(path) is not a folder; move the file that is there away"
    case .system(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
    case .otherFileSystem(let path, let target):
      "\(path) is on another file system than \(target); copy it instead of moving it"
    case .unsuitable(let path, let found, let expected):
      "\(path) is \(found), expected \(expected)"
    case .tooLarge(let path, let size, let limit):
      "\(path) has \(size) bytes, expected at most \(limit); move it away and run again"
    case .changing(let path):
      "\(path) changed while it was read; wait until its writer is done and run again"
    }
  }
}
