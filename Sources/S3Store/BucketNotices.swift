// Notices between a head and its jobs, as objects of a bucket.
import Content
import RemoteCache
import S3
import StoreFolder

extension BucketStore: JobStore {
  /// Bytes of the largest notice: as much as a result, which an answer holds.
  private static let largestNotice = 64 << 20

  package func write(_ bytes: [UInt8], notice name: String) throws {
    try translated {
      _ = try client.write(bytes, key: layout.notice(name), condition: .always)
    }
  }

  package func notice(_ name: String) throws -> [UInt8]? {
    try translated {
      do {
        return try client.read(layout.notice(name), limit: Self.largestNotice).bytes
      } catch let error as S3Error where error.kind == .notFound {
        return nil
      }
    }
  }

  package func notices(in parent: String) throws -> [String] {
    let folder = layout.notice(parent) + "/"
    let found = try translated { try client.list(folder, delimiter: "/", after: nil) }
    return found.objects.map { String($0.key.dropFirst(folder.count)) }.filter { !$0.isEmpty }
      .sorted()
  }

  package func remove(notice name: String) throws {
    try translated { try client.delete(layout.notice(name), condition: .always) }
  }

  package func sign(of key: ActionKey) throws -> RemoteLease? {
    try translated {
      do {
        let found = try client.read(layout.lease(key), limit: Self.largestNotice)
        return RemoteLease(note: found.bytes, tag: found.object.etag)
      } catch let error as S3Error where error.kind == .notFound {
        return nil
      }
    }
  }

  package var logs: StoreLayout? { nil }

  /// The program of an image is in the image.
  package func install(program: String) throws -> String { "atelier" }

  package func path(_ name: String) -> String {
    "s3://\(client.location.bucket)/\(layout.notice(name))"
  }
}
