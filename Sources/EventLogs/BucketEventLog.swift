// Records as objects of a bucket, which refuses to make one twice.
import Content
import RemoteCache
import S3
import Synchronization

/// Records below a prefix of a bucket.
package final class BucketEventLog: EventLog {
  private let client: S3Client
  /// Ends in a slash.
  private let prefix: String
  private let isProbed = Mutex(false)

  /// The log below a prefix, `path` without slashes at its ends.
  package init(_ client: S3Client, path: String) {
    self.client = client
    prefix = path + "/"
  }

  package var name: String { "s3://\(client.location.bucket)/\(prefix.dropLast())" }

  package func names(in log: String?) throws -> [String] {
    var listing = client.list(prefix: prefix + (log.map { $0 + "/" } ?? ""))
    return try listing.all().map { String($0.key.dropFirst(prefix.count)) }
  }

  package func read(_ record: String) throws -> [UInt8]? {
    do {
      return try client.get(prefix + record, limit: EventChain.largest).bytes
    } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }

  package func create(_ record: String, _ bytes: [UInt8]) throws -> Bool {
    try probe()
    for _ in 0..<8 {
      do {
        try client.put(
          bytes, key: prefix + record, condition: .absent, contentType: "application/json")
        return true
      } catch {
        guard error.kind == .preconditionFailed || error.kind == .conflict else { throw error }
      }
      // An answer that was lost on its way makes our own record look like somebody else's.
      if let there = try read(record) { return there == bytes }
    }
    throw RemoteFailure(
      .taken, "\(name)/\(record): others keep writing there; try again later")
  }

  /// Refuses an endpoint on which of two records of one name the second would replace the first.
  private func probe() throws {
    try isProbed.withLock { isProbed in
      guard !isProbed else { return }
      let name = String(UInt64.random(in: .min ... .max), radix: 16)
      guard try client.probe(key: "\(prefix).probe-\(name)").createsOnlyOnce else {
        throw RemoteFailure(
          .unusable,
          "\(client.location.endpoint) replaces objects that it is asked to create (If-None-Match), so "
            + "of two decisions at once one would be lost; use an endpoint that refuses, or a folder"
        )
      }
      isProbed = true
    }
  }
}
