// What can go wrong in a store, said so that a person can act. It never prints or exits.
import Content

/// A failure of a store: where, what was found, what was expected, what to do.
package enum StoreError: Error, Hashable, Sendable {
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
  /// Bytes that are asked for are not there.
  case missing(digest: Digest, store: String)
  /// Bytes are more than a document of their kind can have.
  case tooLarge(digest: Digest, size: Int64, limit: Int)
  /// Bytes have another digest than they should.
  case wrongDigest(path: String, expected: Digest, found: Digest)
}

extension StoreError: CustomStringConvertible {
  package var description: String {
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
    case .missing(let digest, let store):
      "\(digest) is not in \(store); run again to make it, or pull it"
    case .tooLarge(let digest, let size, let limit):
      "\(digest) has \(size) bytes, expected at most \(limit); remove the result that names it and "
        + "run again"
    case .wrongDigest(let path, let expected, let found):
      "\(path) has digest \(found), expected \(expected); its bytes are damaged: get them again"
    }
  }
}
