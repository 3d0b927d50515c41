// Workflows whose jobs really run: `atelier job` as a container over a folder like /opt/ml.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct JobTests {
  /// Two stages; the second has a chain of four steps.
  private static let nodes: [JSONValue] = [
    SharedProject.step("one.a", [], "echo a > $out"),
    SharedProject.step("two.b", ["one.a"], "cat $one_a > $out; echo b >> $out"),
    SharedProject.step("two.c", ["two.b"], "cat $two_b > $out; echo c >> $out"),
    SharedProject.step("two.d", ["two.c"], "cat $two_c > $out; echo d >> $out"),
    SharedProject.step("two.e", ["two.d"], "cat $two_d > $out; echo e >> $out"),
  ]

  @Test func jobsMakeTheBytesOfALocalRun() throws {
    let space = try ContainerProject(Self.nodes, region: "ap-southeast-1")
    let started = try space.project.startWorkflow("--wait")
    #expect(started.out.contains("succeeded"), "\(started.out) \(space.said)")
    #expect(try space.containers().count == 2)
    let bucket = try space.digestsInBucket()
    #expect(bucket.statuses == ["hit"])
    #expect(try bucket.digests == space.digestsOfLocalRun())

    // The same plan starts nothing; another workflow of the same steps finds all of it.
    #expect(try space.project.startWorkflow().out.contains("nothing started"))
    #expect(try space.containers().count == 2)
    let whole = try space.project.startWorkflow("--wait", "--grain", "whole")
    #expect(whole.out.contains("succeeded"), "\(whole.out)")
    #expect(try space.builds(of: "two.c") == 1)
  }

  @Test func aJobThatIsKilledResumes() throws {
    let space = try ContainerProject(Self.nodes, region: "ap-southeast-2")
    try space.set(["two": [["kill": 1], [:]]])
    let failed = try space.project.startWorkflow("--wait", expecting: 1)
    #expect(failed.out.contains("the machine was lost"), "\(failed.out)")
    let second = try space.project.startWorkflow("--wait")
    #expect(second.out.contains("-2 succeeded"), "\(second.out)")
    #expect(try space.builds(of: "one.a") == 1)
    // What was stored before the kill is not made again; what was not yet may be.
    #expect(try space.builds(of: "two.d") == 1)
    let bucket = try space.digestsInBucket()
    #expect(bucket.statuses == ["hit"])
    #expect(try bucket.digests == space.digestsOfLocalRun())
  }

  @Test func aJobThatIsStoppedKeepsWhatWasComplete() throws {
    let space = try ContainerProject(Self.nodes, region: "ap-southeast-6")
    // The next step takes long enough to be the one that is stopped.
    var slow = Self.nodes
    slow[2] = SharedProject.step("two.c", ["two.b"], "sleep 600; cat $two_b > $out")
    try space.shared.space.setGraph(slow)
    try space.set(["two": [["stop": 1]]])
    try space.project.startWorkflow("--wait", expecting: 1)
    let stopped = try #require(try space.containers().last)
    #expect(stopped["printed"]?.string?.contains("what was complete is in the store") == true)
    // Another machine finds it.
    let found = try space.shared.start("other", ["one.a", "two.b"]).wait()
    #expect(Set(found.statuses.values) == ["hit"], "\(found.statuses)")
  }

  @Test func aChangeOfOneStepRunsItsStageAndWhatFollows() throws {
    let space = try ContainerProject(Self.nodes, region: "ap-southeast-3")
    try space.project.startWorkflow("--wait")
    var changed = Self.nodes
    changed[2] = SharedProject.step("two.c", ["two.b"], "cat $two_b > $out; echo C >> $out")
    try space.shared.space.setGraph(changed)
    let again = try space.project.startWorkflow("--wait")
    #expect(again.out.contains("succeeded"), "\(again.out)")
    let builds = try ["one.a", "two.b", "two.c", "two.d", "two.e"].map {
      try space.builds(of: $0)
    }
    #expect(builds == [1, 1, 2, 2, 2])
    #expect(try space.digestsInBucket().digests == space.digestsOfLocalRun())
  }

  @Test func faultsOfTheNetworkCostTimeOnly() throws {
    let server = try WorkflowProject.server.get()
    let proxy = try BucketServer(spoiling: server)
    defer { proxy.program.end() }
    let space = try ContainerProject(Self.nodes, region: "ap-southeast-4", endpoint: proxy.url)
    try proxy.spoil([
      [
        "kind": "status", "status": 503, "code": "SlowDown", "method": "GET", "path": "/requests/",
        "times": 7,
      ],
      ["kind": "reset", "method": "GET", "path": "/plans/"],
      ["kind": "status", "status": 503, "code": "SlowDown", "method": "PUT", "path": "/cas/"],
      ["kind": "lost", "method": "PUT", "path": "/cas/"],
      ["kind": "lost", "method": "PUT", "path": "/ac/"],
      ["kind": "lost", "method": "PUT", "path": "/leases/"],
    ])
    let started = try space.project.startWorkflow("--wait")
    #expect(started.out.contains("succeeded"), "\(started.out) \(space.said)")
    #expect(try proxy.faultsLeft() == 0)
    #expect(try space.digestsInBucket().digests == space.digestsOfLocalRun())
  }

  @Test func aStepThatFailsIsTheJobsReason() throws {
    let space = try ContainerProject(
      [SharedProject.step("one.a", [], "echo no such luck >&2; exit 3")], region: "ap-southeast-5")
    let failed = try space.project.startWorkflow("--wait", expecting: 1)
    #expect(failed.out.contains("one.a"), "\(failed.out)")
    #expect(failed.out.contains("exit code: 1"), "\(failed.out)")
  }

  @Test func whatDoesNotBelongTogetherIsRefused() throws {
    let space = try ContainerProject(Self.nodes, region: "eu-central-1")
    try space.project.startWorkflow("--wait")
    let key = try #require(try space.shared.keys("jobs/requests").first)
    let whole = try space.shared.client.get(key).bytes
    func job(_ bytes: [UInt8], named name: String) throws -> EndedProgram {
      let place = key.split(separator: "/").dropLast().joined(separator: "/") + "/\(name).json"
      try space.shared.client.put(bytes, key: place)
      return try RunningProgram(
        TestPrograms.fixture,
        [
          "job", "s3://\(space.shared.bucket)/\(place)", "--folder",
          space.shared.space.folder("ml"),
        ],
        environment: BucketServer.keys.merging([
          "AWS_ENDPOINT_URL": space.shared.server.url, "NO_PROXY": "127.0.0.1",
          "AWS_REGION": space.project.region, "ATELIER_PROJECT": space.shared.space.folder.path,
        ]) { $1 }, captures: space.shared.space.folder
      ).wait()
    }
    func edited(_ member: String, _ value: JSONValue) throws -> (bytes: [UInt8], name: String) {
      var members = try JSONValue(parsing: whole).object ?? [:]
      members[member] = value
      let bytes = try JSONValue.object(members).canonicalBytes()
      return (bytes, try Digest.of(bytes).hex)
    }
    // A request under another name than its digest.
    let renamed = try job(whole, named: String(repeating: "0", count: 64))
    #expect(renamed.code == 2 && renamed.err.contains("holds other bytes than its name says"))
    let message = try TestFiles.text(space.shared.space.folder("ml/output/message"))
    #expect(message.contains("holds other bytes"))

    var code = try JSONValue(parsing: whole)["code"]?.object ?? [:]
    for name in code.keys { code[name] = .string(String(repeating: "a", count: 64)) }
    let (stale, staleName) = try edited("code", .object(code))
    let old = try job(stale, named: staleName)
    #expect(old.code == 2 && old.err.contains("is not the plan's"), "\(old.err)")
    #expect(old.err.contains("atelier image push"))

    let (lost, lostName) = try edited("planKey", "team/project/jobs/plans/none.json")
    let absent = try job(lost, named: lostName)
    #expect(absent.code == 2 && absent.err.contains("is not there; start the workflow anew"))

    // A request of the plan without its decisions is as good as any.
    let (good, goodName) = try edited("decisions", [])
    #expect(try job(good, named: goodName).code == 0)
  }
}
