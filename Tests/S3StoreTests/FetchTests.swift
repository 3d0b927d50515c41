// What comes down: nothing that is here, nothing wrong, and nothing at all during an outage.
import Content
import RemoteCache
import S3
import S3Store
import Testing

@Suite struct FetchTests {
  let bucket = MemoryBucket()

  @Test func aMissIsOneRequest() throws {
    let machine = try Machine(bucket)
    let key = try machine.result("one", [:]).key
    #expect(machine.shared.lookup(key) == nil)
    #expect(bucket.requests == ["GET " + actionKey(key)])
  }

  @Test func aHitLooksAtItsBlobsAndFetchesThemWhenAsked() throws {
    let made = try Machine(bucket).make("one", ["a": "text a", "b": "text b"])
    bucket.forgetRequests()
    let machine = try Machine(bucket)
    #expect(machine.shared.lookup(made.key) == made)
    #expect(bucket.requests.count == 3)
    #expect(bucket.requests.dropFirst().allSatisfy { $0.hasPrefix("HEAD") })
    let a = try #require(made.outputs["a"])
    bucket.forgetRequests()
    try machine.shared.fetch(a)
    try machine.shared.fetch(a)
    #expect(bucket.requests == ["GET " + blobKey(a.digest)])
    #expect(try machine.text(a) == "text a")
  }

  @Test func whatWasSeenThereNeedsNoSecondLook() throws {
    let made = try Machine(bucket).make("one", ["a": "text"])
    let machine = try Machine(bucket)
    _ = machine.shared.lookup(made.key)
    bucket.forgetRequests()
    let again = try Machine(bucket, at: machine)
    let kept = try #require(try again.local.actions.lookup(made.key))
    #expect(again.shared.hasAllBlobs(of: kept))
    #expect(bucket.requests.isEmpty)
    // Until a blob turns out to be gone.
    bucket.remove(blobKey(try Digest.of("text")))
    again.shared.forget(made.key)
    #expect(!again.shared.hasAllBlobs(of: kept))
  }

  @Test func aResultWithoutOneOfItsBlobsIsNone() throws {
    let made = try Machine(bucket).make("one", ["a": "text a", "b": "text b"])
    bucket.remove(blobKey(try Digest.of("text b")))
    #expect(try Machine(bucket).shared.lookup(made.key) == nil)
    bucket.overwrite(blobKey(try Digest.of("text b")), Array("text".utf8))
    #expect(try Machine(bucket).shared.lookup(made.key) == nil)
  }

  @Test func aTreeComesWhole() throws {
    let first = try Machine(bucket)
    let tree = try first.adoptTree(["x/1": "one", "y": "two"])
    let made = try first.result("tree", ["out": tree])
    try first.add(made)
    let machine = try Machine(bucket)
    #expect(machine.shared.lookup(made.key) == made)
    try machine.shared.fetch(tree)
    #expect(try machine.local.trees.check(tree) == .good)
    // A file that is gone is missed by the look alone.
    bucket.remove(blobKey(try Digest.of("two")))
    #expect(try Machine(bucket).shared.lookup(made.key) == nil)
  }

  @Test func aFlippedByteIsCaughtAndTheNextUploadMendsIt() throws {
    let made = try Machine(bucket).make("one", ["a": "text"])
    let output = try #require(made.outputs["a"])
    bucket.overwrite(blobKey(output.digest), Array("tExt".utf8))
    let machine = try Machine(bucket)
    #expect(machine.shared.lookup(made.key) == made)
    #expect {
      try machine.shared.fetch(output)
    } throws: { ($0 as? RemoteFailure)?.kind == .damaged }
    #expect(machine.talk.count { $0.contains("wrong bytes") } == 1)
    #expect(try !machine.local.objects.contains(output.digest))
    #expect(!machine.shared.hasAllBlobs(of: made))
    // Also after a restart, and until the right bytes are up.
    #expect(!(try Machine(bucket, at: machine).shared.hasAllBlobs(of: made)))
    try machine.make("one", ["a": "text"])
    #expect(bucket[blobKey(output.digest)] == Array("text".utf8))
    #expect(try Machine(bucket, at: machine).shared.hasAllBlobs(of: made))
  }

  @Test func aByteFlippedOnTheWayIsFetchedAgain() throws {
    let made = try Machine(bucket).make("one", ["a": "text"])
    let output = try #require(made.outputs["a"])
    let other = try Digest.of("tExt")
    bucket.fail("GET " + blobKey(output.digest), .damaged(expected: output.digest, found: other))
    let machine = try Machine(bucket)
    try machine.shared.fetch(output)
    #expect(try machine.text(output) == "text")
    #expect(machine.talk.isEmpty)
  }

  @Test(arguments: [
    S3Error.Kind.transport(.connect), .other(status: 503, code: "", message: "", requestID: nil),
    .accessDenied,
  ])
  func anOutageIsSaidOnceAndNothingMoreIsAsked(_ kind: S3Error.Kind) throws {
    let machine = try Machine(bucket)
    bucket.fail("GET", kind)
    for name in ["one", "two", "three"] {
      #expect(machine.shared.lookup(try machine.result(name, [:]).key) == nil)
    }
    try machine.make("four", ["a": "text"])
    #expect(bucket.requests.count == 1)
    #expect(machine.talk.count == 1)
    #expect(machine.talk[0].contains("s3://bucket/team/project is out of reach"))
    #expect(machine.shared.fatalFailure == nil)
    #expect(try machine.shared.drain(isCancelled: { false }) == 1)
  }

  @Test func anOutageEndsARunThatRequiresTheBucket() throws {
    let machine = try Machine(bucket, isRequired: true)
    bucket.fail("GET", .transport(.connect))
    #expect(machine.shared.lookup(try machine.result("one", [:]).key) == nil)
    #expect(machine.shared.fatalFailure?.kind == .unreachable)
    #expect(machine.talk.isEmpty)
  }

  @Test func aBucketThatIsNotThereEndsEveryRun() throws {
    let machine = try Machine(bucket)
    bucket.fail("GET", .noSuchBucket)
    #expect(machine.shared.lookup(try machine.result("one", [:]).key) == nil)
    #expect(machine.shared.fatalFailure?.kind == .unusable)
  }
}
