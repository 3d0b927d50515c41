// One client a bucket, made when it is first asked for. It sends no request.
import Synchronization

/// The clients of a program's buckets: each keeps its connections and credentials.
package final class BucketClients: Sendable {
  private let known = Mutex<[String: any BucketClient]>([:])
  private let make: @Sendable (_ bucket: String) throws -> any BucketClient

  /// `make` gives a new client of a bucket.
  package init(make: @escaping @Sendable (_ bucket: String) throws -> any BucketClient) {
    self.make = make
  }

  /// The client of a bucket.
  package func client(of bucket: String) throws -> any BucketClient {
    try known.withLock { known in
      if let client = known[bucket] { return client }
      let client = try make(bucket)
      known[bucket] = client
      return client
    }
  }
}
