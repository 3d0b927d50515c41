// A project on some machines whose bucket lies at an endpoint that refuses what a test wants it to. It
// knows no test.
import AWS
import AtelierTesting
import Content
import Foundation
import HTTP
import S3

/// A project over `strict_bucket.py`, whose kinds are listed there.
package struct StrictProject: Sendable {
  package let space: FixtureSpace
  /// Words of the server's, joined by `+`.
  package let kind: String
  package let bucket = "b\(UInt32.random(in: .min ... .max))"
  private let base: String

  /// One server for all kinds.
  private static let server = Result { try BucketServer(script: "Tests/Harness/strict_bucket.py") }

  package init(_ kind: String, _ nodes: [JSONValue]) throws {
    self.kind = kind
    base = try Self.server.get().url
    space = try FixtureSpace(
      nodes,
      config: """
        [Atelier]
        store = s3
        [AWS]
        s3_bucket_name = \(bucket)
        s3_prefix = team/project
        """)
  }

  package var url: String { "\(base)/\(kind)" }

  /// What a program needs to reach the bucket, and nothing of this machine's own settings.
  package var environment: [String: String] {
    BucketServer.keys.merging([
      "AWS_ENDPOINT_URL": url, "NO_PROXY": "127.0.0.1", "AWS_CONFIG_FILE": "/nonexistent",
      "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    ]) { $1 }
  }

  /// The folder of a machine's own store.
  package func store(_ machine: String) -> String { space.folder("store-\(machine)") }

  /// Starts a verb on a machine.
  package func start(
    _ machine: String, _ verb: [String], environment more: [String: String] = [:]
  ) throws -> RunningProgram {
    try space.start(
      verb + ["--set", "Atelier.root=\(store(machine))"],
      environment: environment.merging(more) { $1 })
  }

  /// `run --json` on a machine to its end, within a minute.
  package func run(
    _ machine: String, _ words: String..., environment: [String: String] = [:]
  ) throws -> EndedProgram {
    try start(machine, ["run", "--json"] + words, environment: environment).wait(seconds: 100)
  }

  /// Changes what the server does with a bucket, by default the project's.
  package func set(_ values: [String: JSONValue], bucket: String? = nil) throws {
    let told = values.merging(["bucket": .string("\(kind)/\(bucket ?? self.bucket)")]) { $1 }
    _ = try exchange("POST", "/__set", [], .bytes(JSONValue.object(told).canonicalBytes()))
  }

  /// What the bucket was asked, as `METHOD key`.
  package func requests(bucket: String? = nil) throws -> [String] {
    let bytes = try exchange(
      "GET", "/__requests", [QueryItem("bucket", "\(kind)/\(bucket ?? self.bucket)")], .none)
    return try JSONValue(parsing: bytes).array?.compactMap(\.string) ?? []
  }

  private func exchange(
    _ method: String, _ path: String, _ query: [QueryItem], _ body: HTTPBody
  ) throws -> [UInt8] {
    guard let base = ServiceURL(base) else { throw ProgramError("\(base) is no URL") }
    let sink = MemorySink(limit: 1 << 26)
    _ = try CurlTransport().perform(
      HTTPRequest(method, base, path: path, query: query, body: body), sink: sink,
      isCancelled: { false })
    return sink.bytes
  }

  /// A client of the bucket at a server of another kind, whose refusals are not in the way of a test.
  package func client(_ bucket: String? = nil) throws -> S3Client {
    try S3Client(
      bucket: bucket ?? self.bucket,
      settings: AWSSettings(environment: BucketServer.keys, endpoint: url))
  }

  /// The key of the object of a result.
  package func resultKey(_ key: Digest) -> String {
    "team/project/.atelier/ac/\(key.hex.prefix(2))/\(key.hex).json"
  }

  /// The key of a blob.
  package func blobKey(_ digest: Digest) -> String {
    "team/project/.atelier/cas/sha256/\(digest.hex.prefix(2))/\(digest.hex)"
  }
}
