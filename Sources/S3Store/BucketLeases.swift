// Leases as small objects: made only where there is none, replaced only where unchanged.
import Content
import RemoteCache
import S3

extension BucketStore {
  package func lease(
    _ key: ActionKey, _ wish: RemoteLease, replacing tag: String?, abilities: RemoteAbilities
  ) throws -> LeaseAnswer {
    let path = layout.lease(key)
    let bytes = try wish.note()
    return try translated {
      do {
        let condition = tag.map { known($0, abilities) } ?? .absent
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
      found = try client.read(path, limit: Self.largestLease)
    } catch {
      switch error.kind {
      case .notFound: return RemoteLease(holder: "", expires: .max, tag: "")
      case .tooLarge: return RemoteLease(holder: "", expires: 0, tag: try client.head(path).etag)
      default: throw error
      }
    }
    return RemoteLease(note: found.bytes, tag: found.object.etag)
  }

  /// Bytes.
  private static let largestLease = 1 << 16

  /// Also at the end of a run that was cancelled.
  package func endLease(_ key: ActionKey, tag: String, abilities: RemoteAbilities) throws {
    let client = client.lasting
    let path = layout.lease(key)
    try translated {
      do {
        try client.delete(path, condition: known(tag, abilities))
      } catch let error as S3Error {
        switch error.kind {
        case .preconditionFailed, .conflict, .notImplemented, .other:
          // Somebody else took it when it seemed to be over, or the endpoint knows no condition here.
          guard try client.read(path, limit: Self.largestLease).object.etag == tag else { return }
          try client.delete(path, condition: .always)
        case .notFound: return
        default: throw error
        }
      }
    }
  }
}
