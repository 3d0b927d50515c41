// A project on some machines that share a bucket, and what their runs say of it. It knows no test.
import AWS
import AtelierTesting
import Content
import Foundation
import S3

/// A project on some machines that share a bucket.
package struct SharedProject {
  package let server: BucketServer
  package let space: FixtureSpace
  package let bucket: String
  package let client: S3Client

  package init(_ nodes: [JSONValue], server: BucketServer? = nil) throws {
    self.server = try server ?? BucketServer.common.get()
    bucket = try self.server.makeBucket()
    client = try self.server.client(bucket)
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

  /// A chain of three steps.
  package static let chain: [JSONValue] = [
    step("one.a", [], "echo a > $out"),
    step("one.b", ["one.a"], "cat $one_a > $out; echo b >> $out"),
    step("one.c", ["one.b"], "cat $one_b > $out; echo c >> $out"),
  ]

  /// A node of the graph that runs a script.
  package static func step(_ name: String, _ inputs: [String], _ script: String) -> JSONValue {
    [
      "name": .string(name), "script": .string(script), "tools": ["cat", "sleep"],
      "inputs": .array(inputs.map { .string($0) }),
    ]
  }

  /// The folder of a machine's own store.
  package func store(_ machine: String) -> String { space.folder("store-\(machine)") }

  /// Starts `run --json` on a machine.
  package func start(
    _ machine: String, _ words: [String] = [], endpoint: String? = nil
  ) throws -> RunningProgram {
    try start(machine, verb: ["run", "--json"] + words, endpoint: endpoint)
  }

  package func start(
    _ machine: String, verb: [String], endpoint: String? = nil, environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try space.start(
      verb + ["--set", "Atelier.root=\(store(machine))"],
      environment: BucketServer.keys.merging(
        ["AWS_ENDPOINT_URL": endpoint ?? server.url, "NO_PROXY": "127.0.0.1"]) { $1 }
        .merging(environment) { $1 })
  }

  /// Runs on a machine to the end.
  package func run(_ machine: String, _ words: String..., endpoint: String? = nil) throws
    -> EndedProgram
  {
    try start(machine, words, endpoint: endpoint).wait()
  }

  /// The keys of the bucket below a folder of the store.
  package func keys(_ folder: String) throws -> [String] {
    var listing = client.list(prefix: "team/project/\(folder)")
    return try listing.all().map(\.key)
  }

  /// The key of a blob.
  package func blobKey(_ digest: Digest) -> String {
    "team/project/.atelier/cas/sha256/\(digest.hex.prefix(2))/\(digest.hex)"
  }

  /// The blobs that a machine has.
  package func blobs(_ machine: String) -> Set<String> {
    Set(
      TestFiles.list(store(machine) + "/.atelier/cas").compactMap {
        $0.split(separator: "/").last.map(String.init)
      })
  }
}

extension EndedProgram {
  /// The steps whose results came from the bucket.
  package var fromRemote: Set<String> {
    Set(
      events.filter { $0["event"] == "step" && $0["from"] == "remote" }
        .compactMap { $0["step"]?.string })
  }

  /// What a run said besides its steps.
  package var notices: [String] {
    events.filter { $0["event"] == "notice" }.compactMap { $0["message"]?.string }
  }
}
