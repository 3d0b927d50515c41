// Leases as small objects: made only where there is none, replaced only where unchanged.
import Content
import RemoteCache
import S3

extension BucketStore {
  package func lease(
    _ key: ActionKey, _ wish: RemoteLease, replacing tag: String?
  ) throws -> LeaseAnswer {
    let path = layout.lease(key)
    let note: JSONValue = ["holder": .string(wish.holder), "expires": .integer(wish.expires)]
    let bytes = try note.canonicalBytes()
    return try translated {
      do {
        let condition = tag.map { S3WriteCondition.unchanged(etag: $0) } ?? .absent
        return .ours(tag: try client.write(bytes, key: path, condition: condition))
      } catch let error as S3Error
        where [.preconditionFailed, .conflict, .notFound].contains(error.kind)
      {
        return .theirs(try holder(path))
      }
    }
  }

  /// Who has a lease; one that is gone or garbage counts as over.
  private func holder(_ path: String) throws -> RemoteLease {
    let found: (bytes: [UInt8], object: S3Object)
    do {
      found = try client.read(path)
    } catch {
      guard error.kind == .notFound else { throw error }
      return RemoteLease(holder: "", expires: .max, tag: "")
    }
    let note = try? JSONValue(parsing: found.bytes)
    return RemoteLease(
      holder: note?["holder"]?.string ?? "", expires: note?["expires"]?.integer ?? 0,
      tag: found.object.etag)
  }

  package func endLease(_ key: ActionKey, tag: String) throws {
    do {
      try translated { try client.delete(layout.lease(key), etag: tag) }
    } catch let failure as RemoteFailure where failure.kind == .taken {
      // Somebody else took it when it seemed to be over.
    }
  }
}
