// What lies below a published folder of a bucket, and its end.
import Publishing
import RemoteCache
import S3

extension BucketExports {
  private func objects(of folder: String) throws -> (any BucketClient, [S3Object]) {
    let (client, key) = try locate(folder)
    return (
      client, try translated { try client.list(key + "/", delimiter: nil, after: nil).objects }
    )
  }

  package func inventory(of folder: String) throws -> PublishedInventory {
    let (_, objects) = try objects(of: folder)
    return PublishedInventory(files: objects.count, bytes: objects.reduce(0) { $0 + $1.size })
  }

  package func remove(_ folder: String) throws {
    let (client, objects) = try objects(of: folder)
    guard !objects.isEmpty else { return }
    let failures = try translated { try client.delete(objects.map(\.key)) }
    guard let first = failures.first else { return }
    throw RemoteFailure(
      .refused,
      "\(failures.count) objects of \(folder) could not be removed, the first \(first.key): "
        + "\(first.code) \(first.message); see to the right to delete there")
  }
}
