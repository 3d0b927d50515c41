// The joint between the engine and whatever keeps bytes: a folder, memory or a bucket.
import Content

/// Keeps immutable bytes under their digest.
///
/// All methods may be called from any thread and block. Bytes become visible all at once or not
/// at all, whoever is killed meanwhile. A conforming store verifies digests itself: what it takes
/// and what it gives has the digest that was asked for, else it throws and keeps nothing.
/// Putting bytes that are there already is no error.
public protocol ObjectStore: Sendable {
  /// Whether the bytes are there and, as far as the store can tell without reading them, sound.
  func contains(_ digest: Digest) throws -> Bool

  /// Copies a file's bytes in; throws `StoreError.wrongDigest` when they are others.
  func put(file path: String, digest: Digest, size: Int64) throws

  /// Gives the bytes to `sink` in blocks; throws `StoreError.missing` when there are none.
  ///
  /// Bytes given before a throw must be thrown away: a wrong digest is known only at the end.
  func read(_ digest: Digest, into sink: (UnsafeRawBufferPointer) throws -> Void) throws

  /// Which of the digests are not there, in the order given, each once.
  func missing(from digests: [Digest]) throws -> [Digest]
}

extension ObjectStore {
  /// Asks for one after the other; a remote store has a better way.
  public func missing(from digests: [Digest]) throws -> [Digest] {
    var seen: Set<Digest> = []
    return try digests.filter { try seen.insert($0).inserted && !contains($0) }
  }

  /// All bytes of something small, such as a manifest.
  public func bytes(of digest: Digest) throws -> [UInt8] {
    var result: [UInt8] = []
    try read(digest) { result += $0 }
    return result
  }
}
