// Machines that share a bucket: what one made the others need not, and nothing wrong is believed.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import HTTP
import S3
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct SharedStoreTests {
  @Test func aSecondMachineBuildsNothingAndFetchesWhatItNeeds() throws {
    let project = try SharedProject(SharedProject.chain)
    let first = try project.run("a")
    #expect(first.code == 0, "\(first.err)\(first.out)")
    #expect(Set(first.statuses.values) == ["built"])
    #expect(try project.keys(".atelier/ac/").count == 3)
    #expect(try project.keys(".atelier/cas/").count == 3)
    #expect(try project.keys(".atelier/runs/").count == 1)
    #expect(
      TestFiles.list(project.store("a") + "/.atelier/remote").allSatisfy {
        !$0.contains("/pending/")
      })

    let second = try project.run("b")
    #expect(second.code == 0, "\(second.err)")
    #expect(second.statuses == ["one.a": "hit", "one.b": "hit", "one.c": "hit"])
    #expect(second.fromRemote == ["one.a", "one.b", "one.c"])
    #expect(project.blobs("b").isEmpty)

    // A step that is new on this machine wants one blob and no more.
    try project.space.setGraph(
      SharedProject.chain + [
        SharedProject.step("one.d", ["one.c"], "cat $one_c > $out; echo d >> $out")
      ])
    let third = try project.run("b")
    #expect(
      third.statuses == ["one.a": "hit", "one.b": "hit", "one.c": "hit", "one.d": "built"],
      "\(third.err)")
    #expect(third.fromRemote.isEmpty)
    let made = try third.digest(of: "one.d")
    #expect(project.blobs("b") == [try third.digest(of: "one.c").hex, made.hex])
    #expect(try project.client.head(project.blobKey(made)).size == 8)
  }

  @Test func aNewMachineIsToldWhatChangedSinceAnotherOnesRun() throws {
    let project = try SharedProject(SharedProject.chain)
    let first = try project.run("a")
    let id = try #require(first.events.last?["id"]?.string)
    let changed =
      SharedProject.chain.dropLast() + [
        SharedProject.step("one.c", ["one.b"], "cat $one_b $one_b > $out")
      ]
    try project.space.setGraph(Array(changed))
    let second = try project.run("b")
    let reason = try #require(second.step("one.c"))
    #expect(reason["cause"] == "changed" && reason["against"]?.string == id, "\(second.out)")
    #expect(reason["reasons"]?.array?.first?["field"] == "parameters.invocation.arguments.1")
  }

  @Test func showFetchesWhatItShows() throws {
    let project = try SharedProject(SharedProject.chain)
    _ = try project.run("a")
    let shown = try project.start("b", verb: ["show", "one.c", "--format", "path"]).wait()
    #expect(shown.code == 0, "\(shown.err)")
    let path = shown.out.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(try TestFiles.text(path) == "a\nb\nc\n")
  }

  @Test func aRunOfLocalHitsMakesNoRequest() throws {
    let project = try SharedProject(SharedProject.chain)
    _ = try project.run("a")
    // Nothing listens there.
    let endpoint = "http://127.0.0.1:\(try LoopbackPort.free())"
    let again = try project.run("a", endpoint: endpoint)
    #expect(again.code == 0, "\(again.err)")
    #expect(Set(again.statuses.values) == ["hit"])
    #expect(again.notices.isEmpty)
  }

  @Test func readOnlyRunsUseAndDoNotWrite() throws {
    let project = try SharedProject(SharedProject.chain)
    _ = try project.run("a", "one.b")
    let before = try project.keys("")
    try project.space.setGraph(
      SharedProject.chain + [
        SharedProject.step("one.d", ["one.b"], "cat $one_b > $out; echo d >> $out")
      ])
    let reader = try project.run("b", "one.d", "--cache", "ro")
    #expect(
      reader.statuses == ["one.a": "hit", "one.b": "hit", "one.d": "built"], "\(reader.err)")
    #expect(try project.keys("") == before)
  }

  @Test func aBlobThatIsGoneIsAMiss() throws {
    let project = try SharedProject(SharedProject.chain)
    let first = try project.run("a")
    try project.client.delete(project.blobKey(try first.digest(of: "one.c")))
    let second = try project.run("b")
    #expect(
      second.statuses == ["one.a": "hit", "one.b": "hit", "one.c": "built"], "\(second.err)")
    #expect(try project.run("c").fromRemote.contains("one.c"))
  }

  @Test func whatAKilledRunHadToUploadGoesOutWithTheNext() throws {
    let server = try BucketServer()
    defer { server.program.end() }
    let project = try SharedProject(
      SharedProject.chain, server: server)
    let running = try project.start("a")
    let pending = project.store("a") + "/.atelier/remote"
    try waitUntil("something is to be uploaded") {
      TestFiles.list(pending).contains { $0.contains("/pending/") }
    }
    // The bucket answers no more; the result is committed here in the meantime.
    server.program.signal(SIGSTOP)
    let results = project.store("a") + "/.atelier/ac"
    try waitUntil("a result is committed here") { !TestFiles.list(results).isEmpty }
    running.signal(SIGKILL)
    _ = try running.wait()
    server.program.signal(SIGCONT)
    let left = TestFiles.list(pending).count { $0.contains("/pending/") }
    #expect(left > 0)
    let next = try project.run("a", "one.b")
    #expect(next.code == 0, "\(next.err)")
    #expect(next.statuses == ["one.a": "hit", "one.b": "built"])
    #expect(TestFiles.list(pending).allSatisfy { !$0.contains("/pending/") })
    #expect(try project.keys(".atelier/ac/").count == 2)
    #expect(try project.run("b", "one.b").fromRemote == ["one.a", "one.b"])
  }

  @Test func machinesThatBeginTogetherSeldomDoTheSame() throws {
    // The step takes so long that the machines overlap.
    let nodes = [SharedProject.step("one.a", [], "sleep 1; echo $$ > $out")]
    let project = try SharedProject(nodes)
    let both = try [project.start("a"), project.start("b")].map { try $0.wait() }
    #expect(both.map(\.code) == [0, 0], "\(both.map(\.err))")
    #expect(both.count { $0.statuses["one.a"] == "built" } == 1)
    #expect(try both[0].digest(of: "one.a") == both[1].digest(of: "one.a"))
    #expect(try project.keys(".atelier/leases/").isEmpty)
  }

  @Test func deliveriesGoToTheBucket() throws {
    let nodes =
      SharedProject.chain + [["name": "one.d", "deliver": "one.c", "dataset": "data"] as JSONValue]
    let project = try SharedProject(nodes)
    // The fixture publishes in a bucket of this name.
    let published = try project.server.client("bucket")
    func exports() throws -> [String] {
      var listing = published.list(prefix: "exports/data/")
      return try listing.all().map(\.key)
    }
    let first = try project.run("a")
    #expect(first.code == 0, "\(first.err)")
    let made = try exports()
    #expect(made.count == 1)
    #expect(try published.get(try #require(made.first)).bytes == Array("a\nb\nc\n".utf8))
    // Another machine finds the same there, without fetching a byte.
    let second = try project.run("b")
    #expect(second.out.contains(#""status":"unchanged""#), "\(second.out)\(second.err)")
    #expect(project.blobs("b").isEmpty)
    #expect(try exports() == made)
    // What was taken away comes back at its place.
    try published.delete(try #require(made.first))
    let third = try project.run("b")
    #expect(third.out.contains(#""status":"delivered""#))
    // Other bytes, put there by a client that tells no digest, are seen.
    let newest = try #require(try exports().last)
    try published.putPlain(Array("a\nb\nX\n".utf8), newest)
    let fourth = try project.run("b")
    #expect(fourth.out.contains(#""status":"delivered""#))
    #expect(try exports().count == 2)
  }

  @Test func theBucketMustBeNamed() throws {
    let project = try SharedProject(SharedProject.chain)
    let nameless = try project.run("a", "--set", "AWS.s3_bucket_name=")
    #expect(nameless.code == 2)
    #expect(nameless.err.contains("[AWS] s3_bucket_name"), "\(nameless.err)")
    let absent = try project.run("a", "--set", "AWS.s3_bucket_name=no-such-bucket-here")
    #expect(absent.code == 5)
    #expect(absent.err.contains("make the bucket"), "\(absent.err)")
  }
}

extension S3Client {
  /// Writes an object without any digest, as other programs do.
  fileprivate func putPlain(_ bytes: [UInt8], _ key: String) throws {
    let request = HTTPRequest(
      "PUT", location.endpoint, path: "/\(location.bucket)/\(key)", body: .bytes(bytes))
    _ = try service.send(request, payload: Digest.of(bytes)) { MemorySink(limit: 1 << 20) }
  }
}
