// The joint between a graph and objects elsewhere that it names as sources. It knows no protocol.
import Content

/// An object as it was when its digest was found.
package struct SourceObject: Hashable, Sendable {
  /// For example `s3://bucket/key`.
  package let url: String
  /// What tells this version from another; no digest.
  package let version: String
  package let digest: Digest
  /// Bytes.
  package let size: Int64

  package init(url: String, version: String, digest: Digest, size: Int64) {
    self.url = url
    self.version = version
    self.digest = digest
    self.size = size
  }
}

/// What an endpoint told of an object without its bytes.
package struct ObjectMetadata: Hashable, Sendable {
  package let url: String
  /// What tells this version from another; no digest.
  package let version: String
  /// Bytes.
  package let size: Int64
  /// When the version was written, in seconds since 1970; infinite where nobody tells.
  package let written: Double
  /// When it was asked for, in seconds since 1970.
  package let seen: Double

  package init(url: String, version: String, size: Int64, written: Double, seen: Double) {
    self.url = url
    self.version = version
    self.size = size
    self.written = written
    self.seen = seen
  }
}

/// Reads objects by URL for steps of this machine.
///
/// All methods may be called from any thread and throw `RemoteFailure`.
package protocol SourceObjects: Sendable {
  /// The names of the objects just below a folder, sorted.
  func names(inFolder url: String) throws -> [String]

  /// The version that is there, nil where there is none; one request.
  func head(_ url: String) throws -> ObjectMetadata?

  /// The object as it is now.
  ///
  /// A version that was not seen before is downloaded into the local store, since no endpoint's word
  /// stands for a digest.
  func resolve(_ url: String) throws -> SourceObject

  /// Makes sure that the bytes of this version are in the local store; another one that took its
  /// place is an error.
  func fetch(_ object: SourceObject) throws

  /// Whether another version took its place, or none is there.
  func hasMoved(_ object: SourceObject) throws -> Bool
}
