// Objects in a bucket as sources: what was looked at is one version, whoever writes meanwhile.
import Content
import Foundation
import RemoteCache
import RemoteSources
import S3Store
import Testing

@Suite struct SourceTests {
  let bucket = MemoryBucket()
  let machine: Machine
  let sources: BucketSources
  private let url = "s3://bucket/in.csv"

  init() throws {
    machine = try Machine(bucket)
    sources = BucketSources(
      local: machine.local, clients: BucketClients { [bucket] _ in bucket },
      clock: { 2_000_000_000 })
  }

  private func write(_ text: String) { bucket.overwrite("in.csv", Array(text.utf8)) }

  private func writeAfterHeads(_ texts: String...) {
    bucket.state.withLock { $0.writesAfterHead = texts.map { ("in.csv", Array($0.utf8)) } }
  }

  private func count(_ request: String) -> Int {
    bucket.requests.count { $0.hasPrefix(request) }
  }

  private func text(_ object: SourceObject) throws -> String {
    String(decoding: try machine.local.objects.bytes(of: object.digest), as: UTF8.self)
  }

  /// The same program some seconds after it saw something.
  private func later(_ seconds: Double, _ seen: [ObjectMetadata]) -> BucketSources {
    BucketSources(
      local: machine.local, clients: BucketClients { [bucket] _ in bucket }, seen: seen,
      clock: { 2_000_000_000 + seconds })
  }

  @Test("data D11: the folders of a prefix are named, too") func foldersHaveASlash() throws {
    for key in [
      "e/b.csv", "e/_SUCCESS", "e/day=1/part-0.csv", "e/day=1/part-1.csv", "e/a/b/c.csv", "f/x",
    ] {
      bucket.overwrite(key, [1])
    }
    #expect(try sources.names(inFolder: "s3://bucket/e") == ["_SUCCESS", "a/", "b.csv", "day=1/"])
    #expect(try sources.names(inFolder: "s3://bucket/e/day=1") == ["part-0.csv", "part-1.csv"])
  }

  @Test func whatWasSeenAMomentAgoIsNotAskedForAgain() throws {
    write("text")
    let found = try sources.resolve(url)
    let metadata = try #require(try sources.head(url))
    #expect(try sources.head("s3://bucket/none") == nil)
    bucket.forgetRequests()
    #expect(try later(1, [metadata]).resolve(url) == found)
    #expect(bucket.requests == [])
    // Of another object it tells nothing.
    #expect(throws: RemoteFailure.self) { try later(1, [metadata]).resolve("s3://bucket/none") }
  }

  @Test(arguments: [10.0, 3600, -1])
  func whatWasSeenLongAgoOrByAnotherClockIsAskedForAgain(_ seconds: Double) throws {
    write("older")
    _ = try sources.resolve(url)
    let metadata = try #require(try sources.head(url))
    write("newer")
    #expect(try text(later(seconds, [metadata]).resolve(url)) == "newer")
  }

  @Test(arguments: ["newer", "another size"])
  func whatIsOverwrittenSinceItWasSeenComesAsItIsNow(_ next: String) throws {
    write("older")
    let metadata = try #require(try sources.head(url))
    write(next)
    #expect(try text(later(1, [metadata]).resolve(url)) == next)
  }

  @Test(arguments: ["newer", "another size"])
  func anObjectThatIsOverwrittenWhileItComesIsLookedAtAgain(_ next: String) throws {
    write("older")
    writeAfterHeads(next)
    let found = try sources.resolve(url)
    #expect(try text(found) == next)
    #expect(found.size == Int64(next.utf8.count))
    #expect(count("GET") == 2)
    // The note is of that version: no other download.
    #expect(try sources.resolve(url) == found)
    #expect(count("GET") == 2)
    #expect(try !sources.hasMoved(found))
  }

  @Test func aVersionThatGoesBetweenTwoPartsIsLookedAtAgain() throws {
    write("older")
    writeAfterHeads("newer")
    bucket.fail("GET", .preconditionFailed)
    #expect(try text(sources.resolve(url)) == "newer")
  }

  @Test func anObjectThatNeverRestsIsSaidToBeSo() throws {
    write("0")
    bucket.state.withLock { state in
      state.writesAfterHead = (1...20).map {
        ("in.csv", Array(String(repeating: "x", count: $0 + 1).utf8))
      }
    }
    let failure = #expect(throws: RemoteFailure.self) { try sources.resolve(url) }
    #expect(failure?.kind == .refused)
    #expect(failure?.description.contains("written again and again") == true)
  }

  @Test func bytesThatAreDamagedWhileTheObjectRestsAreAFailure() throws {
    write("whole")
    bucket.fail("GET", .wrongSize(expected: 5, found: 3))
    let failure = #expect(throws: RemoteFailure.self) { try sources.resolve(url) }
    #expect(failure?.kind == .damaged)
    #expect(count("GET") == 1)
  }

  @Test(arguments: ["after", "another size"])
  func bytesOfAVersionThatIsGoneCannotBeBrought(_ next: String) throws {
    let gone = SourceObject(
      url: url, version: "\"v0\" 6 0.0", digest: try Digest.of("before"), size: 6)
    write(next)
    let failure = #expect(throws: RemoteFailure.self) { try sources.fetch(gone) }
    #expect(failure?.kind == .missing)
    #expect(failure?.description.contains("was overwritten since this run looked") == true)
  }

  @Test func bytesThatAreDamagedOnTheirWayAreNotSaidToBeOverwritten() throws {
    write("whole")
    let found = try sources.resolve(url)
    try FileManager.default.removeItem(atPath: machine.local.layout.blob(found.digest))
    bucket.fail("GET", .wrongSize(expected: 5, found: 3))
    let failure = #expect(throws: RemoteFailure.self) { try sources.fetch(found) }
    #expect(failure?.kind == .damaged)
    try sources.fetch(found)
    #expect(try text(found) == "whole")
  }

  @Test(arguments: ["s3:///x", "s3://bucket", "s3://bucket/", "https://bucket/x"])
  func whatNamesNoObjectAsksNobody(_ text: String) throws {
    let failure = #expect(throws: RemoteFailure.self) { try sources.resolve(text) }
    #expect(failure?.kind == .unusable)
    #expect(
      failure?.description == "'\(text)' is no place in a bucket; expected s3://bucket/key")
    #expect(bucket.requests == [])
  }
}
