// push, pull and the looks at the bucket, with the built program against a bucket of this machine.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct StoreSharingTests {
  private static let chain: [JSONValue] = [
    ["name": "one.a", "script": "echo a > $out"],
    [
      "name": "one.b", "inputs": ["one.a"], "tools": ["cat"],
      "script": "cat $one_a > $out; echo b >> $out",
    ],
    [
      "name": "two.c", "inputs": ["one.b"], "tools": ["cat"],
      "script": "cat $one_b > $out; echo c >> $out",
    ],
  ]

  private func call(
    _ project: SharedProject, _ machine: String, _ words: String..., endpoint: String? = nil
  ) throws -> EndedProgram {
    try project.start(machine, verb: ["store"] + words, endpoint: endpoint).wait()
  }

  @Test func whatWasMadeWithALocalStoreIsPushedOnce() throws {
    let project = try SharedProject(Self.chain)
    #expect(try project.run("a", "--set", "Atelier.store=local").code == 0)
    #expect(try project.keys("").isEmpty)
    let stage = try call(project, "a", "push", "one", "--json", "--set", "Atelier.store=local")
    #expect(stage.code == 0, "\(stage.err)")
    let event = try #require(stage.events.last)
    #expect(event["results"] == 2 && event["blobs"] == 2 && event["bytes"] == 6, "\(stage.out)")
    #expect(event["runs"] == 1)
    let rest = try call(project, "a", "push", "--json")
    #expect(rest.events.last?["results"] == 1 && rest.events.last?["same"] == 2)
    let before = try project.keys("")
    let again = try call(project, "a", "push", "--all", "--json")
    #expect(again.events.last?["results"] == 0 && again.events.last?["blobs"] == 0)
    #expect(try project.keys("") == before)
    let other = try project.run("b")
    #expect(other.fromRemote == ["one.a", "one.b", "two.c"], "\(other.out)")
  }

  @Test func afterAPullARunWorksOffline() throws {
    let project = try SharedProject(Self.chain)
    _ = try project.run("a")
    let pulled = try call(project, "b", "pull", "--json")
    #expect(pulled.code == 0, "\(pulled.err)")
    #expect(pulled.events.last?["blobs"] == 3 && pulled.events.last?["runs"] == 1)
    #expect(project.blobs("b").count == 3)
    let endpoint = "http://127.0.0.1:\(try LoopbackPort.free())"
    try project.space.setGraph(
      Self.chain + [
        ["name": "two.d", "inputs": ["two.c"], "tools": ["cat"], "script": "cat $two_c > $out"]
      ])
    for words in [["--set", "Atelier.store=local"], ["--cache", "off"]] {
      let run = try project.start("b", words, endpoint: endpoint).wait()
      #expect(run.code == 0, "\(run.err)")
      if words[0] == "--set" {
        #expect(
          run.statuses == ["one.a": "hit", "one.b": "hit", "two.c": "hit", "two.d": "built"])
      }
    }
    let all = try call(project, "c", "pull", "--all", "--json")
    #expect(all.code == 0 && project.blobs("c").count == 3, "\(all.out)\(all.err)")
  }

  @Test func whatIsNowhereIsNamed() throws {
    let project = try SharedProject(Self.chain)
    _ = try project.run("a", "one.b")
    let pulled = try call(project, "b", "pull")
    #expect(pulled.code == 3 && pulled.err.contains("two.c"), "\(pulled.out)\(pulled.err)")
    #expect(project.blobs("b").count == 2)
  }

  @Test func otherOutputsAreAConflict() throws {
    let project = try SharedProject([["name": "one.a", "script": "echo $$ > $out"]])
    let first = try project.run("a")
    _ = try project.run("b", "--set", "Atelier.store=local")
    let before = try project.keys("")
    let pushed = try call(project, "b", "push", "--json")
    #expect(pushed.code == 4 && pushed.steps(in: "conflict") == ["one.a"], "\(pushed.out)")
    #expect(try project.keys(".atelier/cas/") == [project.blobKey(try first.digest(of: "one.a"))])
    #expect(try project.keys(".atelier/ac/") == before.filter { $0.contains("/ac/") })
  }

  @Test func aBucketOutOfReachEndsWithFive() throws {
    let project = try SharedProject(Self.chain)
    _ = try project.run("a", "--set", "Atelier.store=local")
    let endpoint = "http://127.0.0.1:\(try LoopbackPort.free())"
    for words in [["pull"], ["gc", "--remote"], ["fsck", "--remote"]] {
      let ended = try project.start("b", verb: ["store"] + words, endpoint: endpoint).wait()
      #expect(ended.code == 5, "\(words): \(ended.out)\(ended.err)")
    }
    #expect(try call(project, "a", "push", endpoint: endpoint).code == 5)
  }

  @Test func nothingYoungLeavesTheBucket() throws {
    let project = try SharedProject(Self.chain)
    _ = try project.run("a")
    let before = try project.keys("")
    let ended = try call(
      project, "a", "gc", "--remote", "--delete", "--keep-runs", "0", "--max-age", "0s", "--json")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.events.last?["removed"]?["results"] == 0, "\(ended.out)")
    #expect(try project.keys("") == before)
  }

  @Test func damageInTheBucketIsFoundAndMadeGood() throws {
    let project = try SharedProject(Self.chain)
    let first = try project.run("a")
    #expect(try call(project, "b", "fsck", "--remote").code == 0)
    let damaged = project.blobKey(try first.digest(of: "one.b"))
    try project.client.put([1, 2, 3, 4], key: damaged)
    let dry = try call(project, "b", "fsck", "--remote", "--dry-run", "--json")
    #expect(dry.code == 6, "\(dry.out)\(dry.err)")
    #expect(try project.keys(".atelier/quarantine/").isEmpty)
    let found = try call(project, "b", "fsck", "--remote", "--json")
    #expect(found.code == 6, "\(found.err)")
    #expect(found.events.count { $0["event"] == "rerun" } == 1, "\(found.out)")
    #expect(try project.keys(".atelier/quarantine/").count == 1)
    #expect(try !project.keys(".atelier/cas/").contains(damaged))
    // A new machine makes it again; so does a push of one that has it.
    let other = try project.run("c")
    #expect(other.code == 0, "\(other.err)")
    #expect(other.statuses["one.b"] == "built" && other.fromRemote == ["one.a", "two.c"])
    #expect(try call(project, "b", "fsck", "--remote").code == 0)
  }

  @Test func aRunThatIsAnsweredByItsMarkLeavesItsRecordToOthersToo() throws {
    let project = try SharedProject(Self.chain)
    let words = ["--set", "Atelier.root=\(project.store("a"))"]
    let environment = BucketServer.keys.merging(
      ["AWS_ENDPOINT_URL": project.server.url, "NO_PROXY": "127.0.0.1"]) { $1 }
    func run() throws -> EndedProgram {
      try project.space.start(["run"] + words, environment: environment).wait()
    }
    for _ in 0..<4 { #expect(try run().code == 0) }
    let other =
      Self.chain.dropLast() + [
        ["name": "two.c", "inputs": ["one.b"], "tools": ["cat"], "script": "cat $one_b > $out"]
      ]
    try project.space.setGraph(Array(other))
    for _ in 0..<3 { #expect(try run().code == 0) }
    try project.space.setGraph(Self.chain)
    for _ in 0..<3 { #expect(try run().code == 0) }
    let here = TestFiles.list(project.store("a") + "/.atelier/runs")
    #expect(
      try project.keys(".atelier/runs/").map { $0.split(separator: "/").last.map(String.init) }
        == here.map { Optional($0) })
  }
}
