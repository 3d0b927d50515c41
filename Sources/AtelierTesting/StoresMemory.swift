// A store in memory, for tests. It knows no file but those it is given.
import Content
import LocalStores
import Synchronization

/// Keeps blobs and results in memory, by the contracts of `ObjectStore` and `ActionCache`.
public final class MemoryStore: ObjectStore, ActionCache {
  private let blobs = Mutex<[Digest: [UInt8]]>([:])
  private let results = Mutex<[ActionKey: ActionResult]>([:])

  public init() {}

  public func contains(_ digest: Digest) -> Bool { blobs.withLock { $0[digest] != nil } }

  public func put(file path: String, digest: Digest, size: Int64) throws {
    let bytes = try TestFiles.read(path)
    let found = try Digest.of(bytes)
    guard found == digest, Int64(bytes.count) == size else {
      throw StoreError.wrongDigest(path: path, expected: digest, found: found)
    }
    blobs.withLock { $0[digest] = bytes }
  }

  public func read(_ digest: Digest, into sink: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard let bytes = blobs.withLock({ $0[digest] }) else {
      throw StoreError.missing(digest: digest, store: "memory")
    }
    try bytes.withUnsafeBytes(sink)
    let found = try Digest.of(bytes)
    guard found == digest else {
      throw StoreError.wrongDigest(path: "memory", expected: digest, found: found)
    }
  }

  public func lookup(_ key: ActionKey) -> ActionResult? { results.withLock { $0[key] } }

  public func store(_ result: ActionResult) throws {
    _ = try result.fileBytes()
    results.withLock { $0[result.key] = result }
  }

  /// Replaces a blob's bytes by wrong ones.
  public func damage(_ digest: Digest, to bytes: [UInt8]) { blobs.withLock { $0[digest] = bytes } }

  /// The digests of all blobs.
  public var digests: Set<Digest> { blobs.withLock { Set($0.keys) } }
}
