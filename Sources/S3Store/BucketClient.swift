// The joint between the store and the S3 client: what a store asks of a bucket.
import Content
import S3

/// The requests that a store makes; each blocks, is tried again by itself, and throws `S3Error`.
package protocol BucketClient: Sendable {
  var location: S3Location { get }
  /// The same client for a last request of a run that was cancelled: it ends after some seconds.
  var lasting: any BucketClient { get }
  /// The bytes of an object of no more than `limit`; throws `tooLarge` for a larger one.
  func read(_ key: String, limit: Int) throws(S3Error) -> (bytes: [UInt8], object: S3Object)
  /// An object into a new file, with the digest checked; `size` is nil where it is not known.
  ///
  /// Returns the digest of what came.
  @discardableResult
  func download(
    _ key: String, file path: String, size: Int64?, expecting: Digest?
  ) throws(S3Error) -> Digest
  func head(_ key: String) throws(S3Error) -> S3Object
  /// Writes a small object; its tag.
  @discardableResult
  func write(
    _ bytes: [UInt8], key: String, condition: S3WriteCondition
  ) throws(S3Error) -> String
  /// Writes a file; `group` names what the object is a part of.
  func put(
    file path: String, key: String, digest: Digest, condition: S3WriteCondition, group: Digest?
  ) throws(S3Error)
  /// All objects below a prefix, or with a delimiter the objects and the folders just below it;
  /// only those after a key where one is given.
  func list(
    _ prefix: String, delimiter: String?, after: String?
  ) throws(S3Error) -> (objects: [S3Object], folders: [String])
  func delete(_ key: String, condition: S3WriteCondition) throws(S3Error)
  /// Removes many objects; those that could not be removed.
  func delete(_ keys: [String]) throws(S3Error) -> [S3DeleteFailure]
  /// Copies an object of up to 5 GiB within the bucket.
  func duplicate(_ key: String, to target: String) throws(S3Error)
  func probe(key: String) throws(S3Error) -> S3Capabilities
}

extension S3Client: BucketClient {
  package var lasting: any BucketClient {
    let elapsed = service.timing.elapsed
    let begun = elapsed()
    var last = cancelled { elapsed() - begun > 5 }
    last.service.retries.attempts = 1
    return last
  }

  package func read(
    _ key: String, limit: Int
  ) throws(S3Error) -> (bytes: [UInt8], object: S3Object) {
    try get(key, limit: limit)
  }

  package func download(
    _ key: String, file path: String, size: Int64?, expecting: Digest?
  ) throws(S3Error) -> Digest {
    try get(key, file: path, size: size, expecting: expecting).digest
  }

  package func write(
    _ bytes: [UInt8], key: String, condition: S3WriteCondition
  ) throws(S3Error) -> String {
    try put(bytes, key: key, condition: condition, contentType: "application/json")
  }

  package func put(
    file path: String, key: String, digest: Digest, condition: S3WriteCondition, group: Digest?
  ) throws(S3Error) {
    try put(
      file: path, key: key, digest: digest, condition: condition,
      contentType: "application/octet-stream", group: group)
  }

  package func duplicate(_ key: String, to target: String) throws(S3Error) {
    try copy(key, to: target, condition: .always)
  }

  package func list(
    _ prefix: String, delimiter: String?, after: String?
  ) throws(S3Error) -> (objects: [S3Object], folders: [String]) {
    var listing = list(prefix: prefix, delimiter: delimiter, startAfter: after)
    var objects: [S3Object] = []
    var folders: [String] = []
    while let page = try listing.nextPage() {
      objects += page.objects
      folders += page.prefixes
    }
    return (objects, folders)
  }
}
