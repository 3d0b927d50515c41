// Exports in buckets, where people and other tools read them: `s3://bucket/prefix/data set/export/file`.
// It knows nothing of export times.
import Content
import FileTools
import LocalStores
import Names
import Publishing
import RemoteCache
import S3
import StoreFolder

/// The published area of a store on S3.
///
/// A bucket has no renaming: the first file of an export claims its name, and the next run completes what
/// a killed one left. Each file says of which set it is a part, so that nobody completes what another
/// run is just writing. Where writes know no conditions, an object beside the export claims the name.
package struct BucketExports: PublishTarget {
  private let local: LocalStore
  private let clients: BucketClients
  private let abilities: BucketAbilities
  private let home: S3URL?

  /// `local` holds the blobs that are published; `home` is where the shared store lies.
  package init(local: LocalStore, clients: BucketClients, home: S3URL? = nil) {
    self.local = local
    self.clients = clients
    self.home = home
    abilities = BucketAbilities(local: local, clients: clients)
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
    return try found(in: key, client).mapValues(\.digest)
  }

  private typealias Found = (digest: Digest, group: Digest?)

  private func found(in key: String, _ client: any BucketClient) throws -> [String: Found] {
    let objects = try translated {
      try client.list(key + "/", delimiter: nil, after: nil).objects
    }
    let found = try Parallel.map(objects.count, width: BucketStore.requestsAtOnce, chunk: 1) {
      index in
      try self.find(objects[index].key, client)
    }
    let names = objects.map {
      String(decoding: $0.key.utf8.dropFirst(key.utf8.count + 1), as: UTF8.self)
    }
    return Dictionary(zip(names, found), uniquingKeysWith: { first, _ in first })
  }

  package func compare(
    _ files: [PublishedFile], with export: String
  ) throws -> ExportComparison {
    let (client, key) = try locate(export)
    let found = try found(in: key, client)
    let group = try Self.group(files)
    guard found.values.allSatisfy({ $0.group == nil || $0.group == group }) else {
      return .different
    }
    let comparison = ExportComparison(of: files, with: found.mapValues(\.digest))
    // What does not say of what it is a part may be one of another set that begins alike.
    if case .lacks = comparison, found.values.contains(where: { $0.group == nil }) {
      return .different
    }
    return comparison
  }

  package func complete(
    _ export: String, with missing: [PublishedFile], of files: [PublishedFile]
  ) throws -> Bool {
    let (client, key) = try locate(export)
    let group = try Self.group(files)
    // Without conditions, too: whoever writes to this set writes the same bytes.
    let creates = try abilities(export).createsOnlyOnce
    return try putAll(missing[...], in: key, client, creates ? .absent : .always, group)
  }

  package func publish(_ files: [PublishedFile], as export: String) throws -> Bool {
    let (client, key) = try locate(export)
    let sorted = files.sorted { $0.name < $1.name }
    let group = try Self.group(files)
    guard try abilities(export).createsOnlyOnce else {
      return try publishByClaim(sorted, as: export, client, key, group)
    }
    // The first one decides whose the set is, so that it is alone on its way.
    guard let first = sorted.first else { return true }
    guard try put(first, in: key, client, .absent, group, isFirst: true) else { return false }
    guard try putAll(sorted.dropFirst(), in: key, client, .absent, group) else {
      throw RemoteFailure(.taken, "somebody else writes to \(export) at this moment; run again")
    }
    return true
  }

  /// Writes many files of a set; whether none of them was another object there.
  private func putAll(
    _ files: ArraySlice<PublishedFile>, in export: String, _ client: any BucketClient,
    _ condition: S3WriteCondition, _ group: Digest
  ) throws -> Bool {
    let files = Array(files)
    return try Parallel.map(files.count, width: BucketStore.requestsAtOnce, chunk: 1) { index in
      try self.put(files[index], in: export, client, condition, group, isFirst: false)
    }.allSatisfy(\.self)
  }

  private func publishByClaim(
    _ files: [PublishedFile], as export: String, _ client: any BucketClient, _ key: String,
    _ group: Digest
  ) throws -> Bool {
    let claim = ExportClaim(client, export: key)
    guard try claim.make() else { return false }
    defer { claim.end() }
    let there = try translated {
      try client.list(key + "/", delimiter: nil, after: nil).objects
    }
    guard there.isEmpty else { return false }
    _ = try putAll(files[...], in: key, client, .always, group)
    let found = try found(in: key, client).mapValues(\.digest)
    guard case .same = ExportComparison(of: files, with: found) else {
      throw RemoteFailure(
        .taken,
        "somebody else wrote to \(export) at this moment, and the endpoint could not prevent it; "
          + "remove the export and run again")
    }
    return true
  }

  /// Names a set of files.
  private static func group(_ files: [PublishedFile]) throws -> Digest {
    try Digest.of(
      files.map { "\($0.name)\u{0}\($0.digest)" }.sorted().joined(separator: "\n"))
  }

  private func abilities(_ export: String) throws -> RemoteAbilities {
    let location = try translated { try S3URL(object: export) }
    if let home, home.bucket == location.bucket {
      return try abilities.find(home.bucket, prefix: home.key, isStore: true)
    }
    let dataset = location.key.split(separator: "/").dropLast().joined(separator: "/")
    return try abilities.find(location.bucket, prefix: dataset, isStore: false)
  }

  package func add(_ file: PublishedFile, to export: String) throws {
    let (client, key) = try locate(export)
    _ = try put(file, in: key, client, .always, nil, isFirst: false)
  }

  package func contains(_ file: PublishedFile, in export: String) throws -> Bool {
    let (client, key) = try locate(export)
    do {
      return try find("\(key)/\(file.name)", client).digest == file.digest
    } catch let failure as RemoteFailure where failure.kind == .missing {
      return false
    }
  }

  package func read(_ name: String, in export: String) throws -> [UInt8]? {
    let (client, key) = try locate(export)
    return try translated {
      do {
        return try client.read("\(key)/\(name)", limit: Self.largestRead).bytes
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

  /// Bytes of a file that is read into memory.
  private static let largestRead = 256 << 20

  /// How often a file may be gone right after it was said to be there.
  private static let patience = 4

  /// Writes a file; false when another object is there, for the first one of a set also an equal one.
  private func put(
    _ file: PublishedFile, in export: String, _ client: any BucketClient,
    _ condition: S3WriteCondition, _ group: Digest?, isFirst: Bool
  ) throws -> Bool {
    let key = "\(export)/\(file.name)"
    guard try local.objects.contains(file.digest) else {
      throw StoreError.missing(digest: file.digest, store: local.layout.root)
    }
    var attempt = 1
    while true {
      do {
        try translated {
          try client.put(
            file: local.layout.blob(file.digest), key: key, digest: file.digest,
            condition: condition, group: group)
        }
        return true
      } catch let failure as RemoteFailure where failure.kind == .taken {
        // The answer to our own first attempt may have been lost.
        do {
          let there = try find(key, client)
          return there.digest == file.digest && (!isFirst || there.group == group)
        } catch let absence as RemoteFailure where absence.kind == .missing {
          guard attempt < Self.patience else { throw failure }
          attempt += 1
        }
      }
    }
  }

  private func find(_ key: String, _ client: any BucketClient) throws -> Found {
    let object = try translated { try client.head(key) }
    if let digest = object.digest { return (digest, object.group) }
    let digest = try local.withTemporaryPath { path in
      try translated {
        try client.download(key, file: path, size: object.size, expecting: nil)
      }
    }
    return (digest, object.group)
  }

  func locate(_ url: String) throws -> (any BucketClient, key: String) {
    let location = try translated { try S3URL(object: url) }
    return (try clients.client(of: location.bucket), location.key)
  }
}
