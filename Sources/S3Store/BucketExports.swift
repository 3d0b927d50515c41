// Exports in buckets, where people and other tools read them: `s3://bucket/prefix/data set/export/file`.
// It knows nothing of export times.
import Content
import FileTools
import LocalStores
import Names
import Publishing
import RemoteCache
import S3

/// The published area of a store on S3.
///
/// An export is not there all at once, since a bucket has no renaming: the first file claims its
/// name, and one that a killed run left half is completed by the next.
package struct BucketExports: PublishTarget {
  private let local: LocalStore
  private let clients: BucketClients

  /// `local` holds the blobs that are published.
  package init(local: LocalStore, clients: BucketClients) {
    self.local = local
    self.clients = clients
  }

  package var isOnThisMachine: Bool { false }

  package func dataset(bucket: String, prefix: String, name: String) -> String {
    "s3://" + [bucket, prefix, name].filter { !$0.isEmpty }.joined(separator: "/")
  }

  package func exports(in dataset: String, prefix: String) throws -> [String] {
    let (client, key) = try locate(dataset)
    let folders = try translated {
      try client.list("\(key)/\(prefix)", delimiter: "/", after: nil).folders
    }
    return folders.map { String($0.dropFirst(key.count + 1).dropLast()) }.sorted()
  }

  /// The digests are those that were told when the objects were written; an object of somebody
  /// else's, whose digest nobody told, is read.
  package func files(in export: String) throws -> [String: Digest] {
    let (client, key) = try locate(export)
    let objects = try translated {
      try client.list(key + "/", delimiter: nil, after: nil).objects
    }
    let digests = try Parallel.map(objects.count, width: 8, chunk: 1) { index in
      try self.digest(of: objects[index].key, client)
    }
    let names = objects.map { String($0.key.dropFirst(key.count + 1)) }
    return Dictionary(zip(names, digests), uniquingKeysWith: { first, _ in first })
  }

  package func publish(_ files: [PublishedFile], as export: String) throws -> Bool {
    let (client, key) = try locate(export)
    let sorted = files.sorted { $0.name < $1.name }
    for (number, file) in sorted.enumerated() {
      let isOurs = try put(file, "\(key)/\(file.name)", client, condition: .absent)
      if !isOurs {
        guard number == 0 else {
          throw RemoteFailure(.taken, "somebody else writes to \(export) at this moment; run again")
        }
        return false
      }
    }
    return true
  }

  package func add(_ file: PublishedFile, to export: String) throws {
    let (client, key) = try locate(export)
    _ = try put(file, "\(key)/\(file.name)", client, condition: .always)
  }

  package func contains(_ file: PublishedFile, in export: String) throws -> Bool {
    let (client, key) = try locate(export)
    do {
      return try digest(of: "\(key)/\(file.name)", client) == file.digest
    } catch let failure as RemoteFailure where failure.kind == .missing {
      return false
    }
  }

  package func read(_ name: String, in export: String) throws -> [UInt8]? {
    let (client, key) = try locate(export)
    return try translated {
      do {
        return try client.read("\(key)/\(name)").bytes
      } catch let error as S3Error where error.kind == .notFound {
        return nil
      }
    }
  }

  package func fetch(_ file: PublishedFile, from export: String) throws {
    let (client, key) = try locate(export)
    try local.withTemporaryPath { path in
      try translated {
        do {
          try client.download(
            "\(key)/\(file.name)", file: path, size: file.size, expecting: file.digest)
        } catch let error as S3Error {
          switch error.kind {
          case .notFound, .wrongSize:
            throw StoreError.missing(digest: file.digest, store: export)
          case .damaged(let expected, let found):
            throw StoreError.wrongDigest(
              path: "\(export)/\(file.name)", expected: expected, found: found)
          default: throw error
          }
        }
      }
      try local.objects.put(file: path, digest: file.digest, size: file.size)
    }
  }

  /// False when another object is there.
  private func put(
    _ file: PublishedFile, _ key: String, _ client: any BucketClient, condition: S3WriteCondition
  ) throws -> Bool {
    guard try local.objects.contains(file.digest) else {
      throw StoreError.missing(digest: file.digest, store: local.layout.root)
    }
    do {
      try translated {
        try client.put(
          file: local.layout.blob(file.digest), key: key, digest: file.digest,
          condition: condition)
      }
      return true
    } catch let failure as RemoteFailure where failure.kind == .taken {
      // The answer to our own first attempt may have been lost.
      return try digest(of: key, client) == file.digest
    }
  }

  private func digest(of key: String, _ client: any BucketClient) throws -> Digest {
    let object = try translated { try client.head(key) }
    if let digest = object.digest { return digest }
    return try local.withTemporaryPath { path in
      try translated {
        try client.download(key, file: path, size: object.size, expecting: nil)
      }
    }
  }

  private func locate(_ url: String) throws -> (any BucketClient, key: String) {
    let location = try translated { try S3URL(object: url) }
    return (try clients.client(of: location.bucket), location.key)
  }
}
