// A bucket behind a bad network, and one that knows no conditions: slower, never wrong.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct SharedStoreFaultTests {
  private static let nodes: [JSONValue] =
    ["a", "b", "c"].map { name in
      [
        "name": .string("one.\(name)"), "tools": ["seq"],
        "script": .string("seq 1 20000 > $out; echo \(name) >> $out"),
      ]
    } + [
      [
        "name": "two.d", "inputs": ["one.a", "one.b", "one.c"], "tools": ["cat"],
        "script": "cat $one_a $one_b $one_c > $out",
      ]
    ]

  /// The same step under another key, which needs the bytes of all others.
  private static let later: [JSONValue] =
    nodes.dropLast() + [
      [
        "name": "two.d", "inputs": ["one.a", "one.b", "one.c"], "tools": ["cat"],
        "script": "cat $one_c $one_b $one_a > $out",
      ]
    ]

  /// Every blob of the bucket is what its name says.
  private func expectSound(_ project: SharedProject) throws {
    let keys = try project.keys(".atelier/cas/")
    #expect(!keys.isEmpty)
    for key in keys {
      #expect(key.hasSuffix(try Digest.of(project.client.get(key).bytes).hex))
    }
  }

  @Test func faultsOnTheWayCostTimeOnly() throws {
    let server = try BucketServer.common.get()
    let proxy = try BucketServer(spoiling: server)
    defer { proxy.program.end() }
    let project = try SharedProject(Self.nodes, server: server)
    try proxy.spoil([
      ["kind": "status", "status": 500, "method": "GET", "path": "/ac/"],
      ["kind": "reset", "method": "GET", "path": "/ac/"],
      ["kind": "status", "status": 503, "code": "SlowDown", "method": "PUT", "path": "/cas/"],
      ["kind": "reset", "method": "PUT", "path": "/cas/"],
      ["kind": "lost", "method": "PUT", "path": "/cas/"],
      ["kind": "lost", "method": "PUT", "path": "/ac/"],
      ["kind": "status", "status": 500, "method": "PUT", "path": "/ac/"],
      ["kind": "lost", "method": "PUT", "path": "/leases/"],
      ["kind": "lost", "method": "DELETE", "path": "/leases/"],
    ])
    let first = try project.run("a", endpoint: proxy.url)
    #expect(first.code == 0, "\(first.err)\(first.out)")
    #expect(Set(first.statuses.values) == ["built"])
    #expect(first.notices.isEmpty, "\(first.notices)")
    #expect(try proxy.faultsLeft() == 0)
    #expect(try project.keys(".atelier/ac/").count == 4)
    try expectSound(project)

    try project.space.setGraph(Self.later)
    try proxy.spoil([
      ["kind": "status", "status": 503, "method": "HEAD"],
      ["kind": "flip", "at": 5000, "method": "GET", "path": "/cas/"],
      ["kind": "truncate", "after": 1000, "method": "GET", "path": "/cas/"],
      ["kind": "reset", "method": "GET", "path": "/cas/"],
    ])
    let second = try project.run("b", endpoint: proxy.url)
    #expect(second.code == 0, "\(second.err)\(second.out)")
    #expect(
      second.statuses
        == ["one.a": "hit", "one.b": "hit", "one.c": "hit", "two.d": "built"])
    #expect(try proxy.faultsLeft() == 0)
    let again = try project.run("c")
    #expect(try again.digest(of: "two.d") == second.digest(of: "two.d"))
    try expectSound(project)
  }

  @Test func anEndpointWithoutConditionsWorksAndTheRunSaysWhatIsLost() throws {
    let server = try BucketServer(.rclone)
    defer { server.program.end() }
    let project = try SharedProject(Self.nodes, server: server)
    let first = try project.run("a")
    #expect(first.code == 0, "\(first.err)\(first.out)")
    #expect(first.notices.count { $0.contains("without conditions") } == 1, "\(first.notices)")
    let second = try project.run("b")
    #expect(second.fromRemote.count == 4, "\(second.err)\(second.out)")
    try project.space.setGraph(Self.later)
    let third = try project.run("a")
    #expect(third.statuses["two.d"] == "built")
    #expect(third.notices.isEmpty, "\(third.notices)")
    try expectSound(project)
    // Wrong keys are no outage of one request: nothing is built on a guess of what is there.
    let stranger = try project.space.start(
      ["run", "--json", "--require-remote", "--set", "Atelier.root=\(project.store("c"))"],
      environment: [
        "AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "wrong-secret",
        "AWS_ENDPOINT_URL": server.url,
      ]
    ).wait()
    #expect(stranger.code == 5, "\(stranger.out)")
    #expect(!(stranger.out + stranger.err).contains("wrong-secret"))
  }
}
