// Endpoints that refuse: writes alone, everything, or one object. Reading goes on where it can, the rest
// is said once (store faults 5, 6, 9, 18; F5, F38).
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import S3
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct BucketRefusalTests {
  /// The chain with another last step, which needs the bytes of the one before.
  private static let later: [JSONValue] =
    SharedProject.chain.dropLast()
    + [SharedProject.step("one.c", ["one.b"], "cat $one_b > $out; echo later >> $out")]

  @Test(
    "Store 5: who may only read goes on reading",
    arguments: ["AccessDenied", "QuotaExceeded"])
  func refusedWrites(_ reason: String) throws {
    let project = try StrictProject("plain", SharedProject.chain)
    try #require(try project.run("a").code == 0)
    try project.space.setGraph(Self.later)
    let pattern: JSONValue = "^(PUT|POST|DELETE) "
    try project.set(reason == "QuotaExceeded" ? ["quota": pattern] : ["deny": pattern])
    let second = try project.run("b")
    #expect(second.code == 0, "\(second.err)\(second.out)")
    #expect(second.statuses == ["one.a": "hit", "one.b": "hit", "one.c": "built"])
    #expect(second.notices.count { $0.contains("only read from here on") } == 1)
    #expect(second.notices.contains { $0.contains(reason) }, "\(second.notices)")
    if reason == "QuotaExceeded" {
      #expect(second.notices.contains { $0.contains("quota there is used up") })
    }
    // What waits to go up is no reason to build what is there.
    try project.space.setGraph(SharedProject.chain)
    let third = try project.run("b")
    #expect(third.code == 0 && third.statuses["one.c"] == "hit", "\(third.out)")
    #expect(third.notices.count { $0.contains("only read from here on") } == 1)
  }

  @Test("Store 5: inputs that cannot be had are made again in the run", arguments: [500, 403])
  func lostInputs(_ status: Int) throws {
    let project = try StrictProject("plain", SharedProject.chain)
    try #require(try project.run("a").code == 0)
    try project.space.setGraph(Self.later)
    try project.set(["fail": "^GET .*/cas/", "status": .integer(Int64(status))])
    let second = try project.run("b")
    #expect(second.code == 0, "\(second.err)\(second.out)")
    #expect(second.statuses["one.c"] == "built")
    #expect(
      try project.space.text(of: "one.c", in: second, store: project.store("b")) == "a\nb\nlater\n")
    #expect(second.notices.count { $0.contains("out of reach") } == 1, "\(second.notices)")
    // The bytes that are made again are no further step.
    let plain = try project.start("c", ["run"]).wait(seconds: 100)
    #expect(
      plain.code == 0 && plain.err.contains("[3/3]") && !plain.err.contains("[4/3]"), "\(plain.err)"
    )
  }

  @Test(
    "Store 6: what concerns all requests is said once, and ends a run that requires the bucket",
    arguments: ["301", "302", "400html", "407", "region", "200html"])
  func refusedAltogether(_ kind: String) throws {
    let project = try StrictProject(kind, SharedProject.chain)
    let run = try project.run("a")
    #expect(run.code == 0, "\(run.err)\(run.out)")
    #expect(Set(run.statuses.values) == ["built"])
    #expect(run.notices.count { $0.contains("out of reach") || $0.contains("only read") } == 1)
    #expect(run.notices.count <= 2, "\(run.notices)")
    if kind == "301" || kind == "region" {
      #expect(run.notices.contains { $0.contains("AWS_REGION=eu-west-3") }, "\(run.notices)")
    }
    #expect(try project.run("b", "--require-remote").code == 5)
  }

  @Test("Store 6: a bucket that cannot be is no outage") func anInvalidName() throws {
    let project = try StrictProject("name", SharedProject.chain)
    let run = try project.run("a")
    #expect(run.code == 5)
    #expect(run.err.contains("s3_bucket_name"), "\(run.err)")
  }

  @Test("F38: a run of hits that requires the bucket asks it", arguments: [true, false])
  func allHits(_ wasPushed: Bool) throws {
    let project = try StrictProject("plain", SharedProject.chain)
    let words = wasPushed ? [] : ["--set", "Atelier.store=local"]
    let first = try project.start("a", ["run"] + words).wait(seconds: 100)
    try #require(first.code == 0, "\(first.err)")
    #expect(try project.start("a", ["run", "--require-remote"]).wait(seconds: 100).code == 0)
    try project.set(["fail": "^(GET|HEAD) ", "status": 403])
    for words in [["--json"], []] {
      let run = try project.start("a", ["run", "--require-remote"] + words).wait(seconds: 100)
      #expect(run.code == 5, "\(run.out)\(run.err)")
    }
  }

  @Test(
    "Store 9: checksum headers that are refused are left out",
    arguments: ["headers", "headers+501"])
  func refusedHeaders(_ kind: String) throws {
    let project = try StrictProject(kind, SharedProject.chain)
    let run = try project.run("a")
    #expect(run.code == 0, "\(run.err)")
    #expect(
      !run.notices.contains { $0.contains("failed") || $0.contains("reach") }, "\(run.notices)")
    let second = try project.run(
      "b", environment: ["AWS_REQUEST_CHECKSUM_CALCULATION": "when_required"])
    #expect(second.fromRemote == ["one.a", "one.b", "one.c"], "\(second.out)")
  }

  @Test("Store 18: answers without a length are as good as others") func chunkedAnswers() throws {
    let project = try StrictProject("chunked", SharedProject.chain)
    try #require(try project.run("a").code == 0)
    try project.space.setGraph(Self.later)
    let second = try project.run("b")
    #expect(second.fromRemote == ["one.a", "one.b"], "\(second.out)")
    #expect(second.statuses["one.c"] == "built" && second.notices.isEmpty, "\(second.notices)")
  }

  @Test("Store 18: the advice names s3:ListBucket") func withoutTheRightToList() throws {
    let project = try StrictProject("nolist", SharedProject.chain)
    let run = try project.run("a")
    #expect(run.code == 0)
    #expect(run.notices.count { $0.contains("s3:ListBucket") } == 1, "\(run.notices)")
  }

  @Test(
    "F5 and store 18: one odd object is replaced and is no outage", arguments: ["large", "garbage"])
  func anOddObject(_ form: String) throws {
    let project = try StrictProject("plain", SharedProject.chain)
    let first = try project.run("a")
    try #require(first.code == 0, "\(first.err)")
    let bytes = Array((form == "large" ? String(repeating: " ", count: 65 << 20) : "<html>").utf8)
    try project.client().put(bytes, key: project.resultKey(try first.key(of: "one.a")))
    let second = try project.run("b")
    #expect(second.code == 0, "\(second.err)\(second.out)")
    #expect(second.fromRemote == ["one.b", "one.c"], "\(second.out)")
    #expect(!second.notices.contains { $0.contains("out of reach") }, "\(second.notices)")
    #expect(try project.run("c").fromRemote == ["one.a", "one.b", "one.c"])
  }
}
