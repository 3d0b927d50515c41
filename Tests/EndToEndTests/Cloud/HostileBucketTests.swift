// A bucket that means harm: endless answers, lies, keys that lead elsewhere. A run ends soon, in
// little memory, with its own results and a word about it; nothing else is touched.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

/// One server for all ways to harm.
private let hostile = Result { try BucketServer(script: "Tests/Harness/hostile_bucket.py") }

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct HostileBucketTests {
  private static let graph: [JSONValue] = [
    ["name": "one.a", "script": "echo a > $out"],
    [
      "name": "one.b", "inputs": ["one.a"], "tools": ["cat"],
      "script": "cat $one_a > $out; echo b >> $out",
    ],
  ]

  /// A project whose bucket lies at the server, and the environment that leads there.
  private static func project(
    _ kind: String, _ nodes: [JSONValue] = graph
  ) throws -> (FixtureSpace, [String: String]) {
    let space = try FixtureSpace(
      nodes, config: "[Atelier]\nstore = s3\n[AWS]\ns3_bucket_name = bucket\ns3_prefix = p\n")
    return (
      space,
      BucketServer.keys.merging([
        "AWS_ENDPOINT_URL": "\(try hostile.get().url)/\(kind)", "NO_PROXY": "127.0.0.1",
        "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
      ]) { $1 }
    )
  }

  /// Three gigabytes of addresses, of which the program takes one when it starts.
  private static let limits = ["prlimit", "--as=3000000000"]

  @Test(arguments: [
    "endless-list", "endless-text", "endless-refusal", "endless-headers", "endless-continue",
    "deep",
    "entities", "file-entity", "long-length", "short-length", "odd-length", "tokens", "odd-keys",
    "strange-keys", "garbage", "nothing", "to-itself", "to-a-file", "echo",
  ])
  func aRunBesideIt(_ kind: String) throws {
    let (space, environment) = try Self.project(kind)
    let began = Date()
    let run = try space.start(
      ["run", "--json"], environment: environment, by: Self.limits
    ).wait(seconds: 150)
    #expect(run.code == 0, "\(kind): \(run.err)\(run.out)")
    #expect(run.statuses == ["one.a": "built", "one.b": "built"], "\(kind)")
    #expect(try space.text(of: "one.b", in: run) == "a\nb\n")
    #expect(!run.notices.isEmpty, "\(kind): nobody was told")
    let said = run.out + run.err
    #expect(said.utf8.count < 50_000, "\(kind): \(said.utf8.count) bytes")
    #expect(!said.contains("root:x:0"), "\(kind): it read a file of this machine")
    #expect(!said.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" }, "\(kind)")
    print("\(kind): \(Date().timeIntervalSince(began)) s: \(run.notices.first ?? "")")

    let required = try space.start(
      ["run", "--require-remote", "--set", "Atelier.root=\(space.folder("other"))"],
      environment: environment, by: Self.limits
    ).wait(seconds: 150)
    #expect(required.signal == 0 && [0, 5].contains(required.code), "\(kind): \(required.err)")
  }

  /// What a source's name in the bucket leads to.
  @Test(arguments: ["endless-text", "long-length", "garbage", "odd-length", "nothing", "to-itself"])
  func aSourceInIt(_ kind: String) throws {
    let (space, environment) = try Self.project(
      kind,
      [
        ["name": "one.in", "source": "s3://bucket/in.csv"],
        ["name": "one.a", "inputs": ["one.in"], "tools": ["cat"], "script": "cat $one_in > $out"],
      ])
    let disk = kind == "endless-text" ? ["--fsize=200000000"] : []
    let run = try space.start(
      ["run", "--set", "Atelier.store=local"], environment: environment, by: Self.limits + disk
    ).wait(seconds: 150)
    // Whatever bytes come are a source's bytes; but it ends, by a signal of nobody's.
    #expect(run.signal == 0, "\(kind): \(run.err)")
    #expect([0, 1, 2, 5].contains(run.code), "\(kind): \(run.code) \(run.err)")
    if run.code != 0 { #expect(run.err.contains("in.csv"), "\(kind): \(run.err)") }
  }
}
