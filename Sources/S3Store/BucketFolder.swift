// All objects below a key, as one thing: how much they are, and their end.
import Publishing
import RemoteCache
import S3

/// The objects whose keys begin with `<key>/`.
struct BucketFolder {
  let client: any BucketClient
  let key: String

  private func objects() throws -> [S3Object] {
    try translated { try client.list(key + "/", delimiter: nil, after: nil).objects }
  }

  func inventory() throws -> PublishedInventory {
    let objects = try objects()
    return PublishedInventory(files: objects.count, bytes: objects.reduce(0) { $0 + $1.size })
  }

  /// Throws where an object could not be removed.
  func remove() throws {
    let keys = try objects().map(\.key)
    guard !keys.isEmpty else { return }
    let failures = try translated { try client.delete(keys) }
    guard let first = failures.first else { return }
    throw RemoteFailure(
      .refused,
      "\(failures.count) objects below \(key) could not be removed, the first \(first.key): "
        + "\(first.code) \(first.message); see to the right to delete there")
  }
}
