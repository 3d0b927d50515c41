// A store on a bucket and prefix, for many machines. What its answers mean for a run it does not know.
import Content
import RemoteCache
import S3

/// Blobs, results and run records under `s3://bucket/prefix/.atelier/`.
///
/// Identity is our digest, never the ETag: a blob's bytes are hashed as they come down, and S3
/// compares them with the digest as they go up.
package struct BucketStore: RemoteStore {
  let client: any BucketClient
  let layout: BucketLayout

  package init(client: any BucketClient, prefix: String) {
    self.client = client
    layout = BucketLayout(prefix: prefix)
  }

  package var name: String {
    let prefix = layout.prefix.isEmpty ? "" : "/" + layout.prefix.dropLast()
    return "s3://\(client.location.bucket)\(prefix)"
  }

  package var identity: String { "\(name) at \(client.location.endpoint)" }

  package static let requestsAtOnce = 64

  package var requestsAtOnce: Int { Self.requestsAtOnce }

  package func probe() throws -> RemoteAbilities {
    let found: S3Capabilities
    do {
      found = try client.probe(
        key: layout.probe(String(UInt64.random(in: .min ... .max), radix: 16)))
    } catch {
      // What does not even give back what was put is no store, whatever it said of it.
      guard error.kind == .malformedAnswer || error.kind == .notFound else {
        throw RemoteFailure(error)
      }
      throw RemoteFailure(.unreachable, "\(error)")
    }
    return RemoteAbilities(
      createsOnlyOnce: found.createsOnlyOnce, replacesOnlyKnown: found.replacesOnlyKnown,
      comparesBareTags: found.comparesBareTags, ranges: found.ranges)
  }

  // MARK: Blobs

  package func size(of digest: Digest) throws -> Int64? {
    try translated {
      do {
        return try client.head(layout.blob(digest)).size
      } catch let error as S3Error where error.kind == .notFound {
        return nil
      }
    }
  }

  package func get(_ blob: SizedDigest, file path: String) throws {
    _ = try translated {
      try client.download(
        layout.blob(blob.digest), file: path, size: blob.size, expecting: blob.digest)
    }
  }

  package func bytes(of blob: SizedDigest) throws -> [UInt8] {
    let key = layout.blob(blob.digest)
    guard blob.size <= Self.mostInMemory else {
      throw RemoteFailure(
        .damaged,
        "\(blob.digest) is said to have \(blob.size) bytes; no list of files is that long")
    }
    let bytes = try translated { try client.read(key, limit: Int(blob.size)).bytes }
    let found = try Digest.of(bytes)
    guard found == blob.digest else {
      throw RemoteFailure(
        .damaged,
        "s3://\(client.location.bucket)/\(key) has digest \(found), expected \(blob.digest)")
    }
    return bytes
  }

  /// Bytes that an answer may have which is kept in memory: a list of six million files, or the record
  /// of a run of a million steps.
  private static let mostInMemory = 1 << 30

  /// Bytes of the largest result.
  private static let largestResult = 64 << 20

  package func put(_ blob: SizedDigest, file path: String) throws {
    try translated {
      try client.put(
        file: path, key: layout.blob(blob.digest), digest: blob.digest, condition: .always,
        group: nil)
    }
  }

  package func add(record: [UInt8], id: RunID) throws {
    try translated {
      _ = try client.write(record, key: layout.run(id), condition: .always)
    }
  }

  package func records(since moment: Timestamp) throws -> [RunID] {
    let found = try translated {
      try client.list(layout.runs, delimiter: nil, after: layout.runs + moment.compact)
    }
    return found.objects.compactMap { RunID($0.key.dropFirst(layout.runs.count).dropLast(5)) }
      .sorted(by: >)
  }

  package func record(_ id: RunID) throws -> [UInt8]? {
    try translated {
      do {
        return try client.read(layout.run(id), limit: Self.mostInMemory).bytes
      } catch let error as S3Error where error.kind == .notFound {
        return nil
      }
    }
  }

  // MARK: Results

  package func lookup(_ key: ActionKey) throws -> ActionResult? { try find(key)?.result }

  /// What lies at a result's key: its tag, and the result if it is one.
  private func find(_ key: ActionKey) throws -> (result: ActionResult?, etag: String)? {
    try translated {
      let path = layout.action(key)
      do {
        let found = try client.read(path, limit: Self.largestResult)
        return (ActionResult(fileBytes: found.bytes, key: key), found.object.etag)
      } catch let error as S3Error {
        switch error.kind {
        case .notFound: return nil
        case .tooLarge: return (nil, try client.head(path).etag)
        default: throw error
        }
      }
    }
  }

  /// How often somebody else may come first before this machine gives up for the time being.
  private static let patience = 8

  package func add(_ result: ActionResult, abilities: RemoteAbilities) throws -> ResultAddition {
    let bytes = try result.fileBytes()
    var refused: String?
    for _ in 0..<Self.patience {
      // Without conditions one reads first, which leaves a moment for two to write.
      if !abilities.createsOnlyOnce, let there = try find(result.key), let theirs = there.result {
        return compare(result, theirs)
      }
      if try write(bytes, result.key, abilities.createsOnlyOnce ? .absent : .always) {
        return .added
      }
      // An answer that was lost on its way makes our own result look like somebody else's.
      guard let there = try find(result.key) else { continue }
      if let theirs = there.result { return compare(result, theirs) }
      // A condition that is refused while the object stays the same does not tell the truth.
      let isLie = refused == there.etag
      if try write(bytes, result.key, isLie ? .always : known(there.etag, abilities)) {
        return .added
      }
      refused = there.etag
    }
    throw RemoteFailure(
      .taken, "others keep writing the result \(result.key.digest.hex.prefix(12)); try again later")
  }

  package func replace(_ result: ActionResult, abilities: RemoteAbilities) throws {
    let bytes = try result.fileBytes()
    let there = try find(result.key)
    let condition =
      there.map { known($0.etag, abilities) } ?? (abilities.createsOnlyOnce ? .absent : .always)
    if try write(bytes, result.key, condition) { return }
    guard let there, try find(result.key)?.etag == there.etag,
      try write(bytes, result.key, .always)
    else {
      throw RemoteFailure(
        .taken, "another run wrote the result \(result.key.digest.hex.prefix(12)) meanwhile")
    }
  }

  private func compare(_ ours: ActionResult, _ theirs: ActionResult) -> ResultAddition {
    ours.outputs == theirs.outputs ? .same : .differs(theirs)
  }

  /// The condition that an object still is the one of a tag, as the endpoint takes it.
  func known(_ etag: String, _ abilities: RemoteAbilities) -> S3WriteCondition {
    abilities.replacesOnlyKnown && etag.utf8.count > 2
      ? .unchanged(etag: etag, bare: abilities.comparesBareTags) : .always
  }

  /// False when the condition did not hold or another request is at the same object.
  private func write(
    _ bytes: [UInt8], _ key: ActionKey, _ condition: S3WriteCondition
  ) throws -> Bool {
    try translated {
      do {
        try client.write(bytes, key: layout.action(key), condition: condition)
        return true
      } catch let error as S3Error
        where error.kind == .preconditionFailed || error.kind == .conflict
      {
        return false
      } catch let error as S3Error where error.kind == .notFound {
        // What was to be replaced is gone.
        return false
      }
    }
  }
}
