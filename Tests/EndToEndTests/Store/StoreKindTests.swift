// The small propensity workshop on a folder and on buckets of two kinds: the same bytes everywhere.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import S3
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct StoreKindTests {
  /// Every key of a bucket outside the store's own folder, without bucket, prefix and times, with its
  /// bytes.
  private func published(_ client: S3Client) throws -> [String: Data] {
    var files: [String: Data] = [:]
    var listing = client.list(prefix: "cmle/")
    for object in try listing.all() where !object.key.hasPrefix("cmle/.atelier/") {
      files[withoutTime(object.key)] = Data(try client.get(object.key).bytes)
    }
    return files
  }

  private func withoutTime(_ path: String) -> String {
    path.split(separator: "/").map { $0.hasPrefix("exportTime=") ? "exportTime" : String($0) }
      .joined(separator: "/")
  }

  @Test func aFolderMotoAndRcloneHoldTheSameBytes() throws {
    let (plain, folder) = try Space.afterRun()
    #expect(folder.built.count == 32 && folder.built == Set(folder.steps.keys))
    let exports = Dictionary(
      uniqueKeysWithValues: try plain.published().map { path, bytes in
        (String(path.drop { $0 != "/" }.dropFirst()), bytes)
      })
    #expect(!exports.isEmpty)

    for kind in [BucketServer.Kind.moto, .rclone] {
      let server = try BucketServer(kind)
      defer { server.program.signal(SIGTERM) }
      let bucket = try server.makeBucket()
      let first = try Space(server, bucket: bucket).run()
      #expect(first.built == folder.built, "\(kind)")
      #expect(first.digests == folder.digests, "\(kind)")
      #expect(try published(server.client(bucket)) == exports, "\(kind)")

      // A machine that has nothing of its own.
      let second = try Space(server, bucket: bucket).run()
      #expect(second.built.isEmpty, "\(kind)")
      #expect(Set(second.steps.values.map(\.status)) == ["hit"], "\(kind)")
      #expect(second.digests == folder.digests, "\(kind)")
      #expect(Set(second.deliveries.values) == ["unchanged"], "\(kind)")
      #expect(second.deliveries.keys == folder.deliveries.keys, "\(kind)")
      #expect(try published(server.client(bucket)) == exports, "\(kind)")
    }
  }
}

extension Space {
  /// A project with a local store of its own that shares a bucket of a server.
  convenience init(_ server: BucketServer, bucket: String) throws {
    try self.init()
    settings["Atelier.store"] = "s3"
    settings["AWS.s3_bucket_name"] = bucket
    environment = BucketServer.keys.merging(
      ["AWS_ENDPOINT_URL": server.url, "NO_PROXY": "127.0.0.1"]) { $1 }
  }
}
