// What goes up, in which order, and what becomes of a result that is not alone.
import Content
import Foundation
import RemoteCache
import S3Store
import Testing

@Suite struct UploadTests {
  let bucket = MemoryBucket()

  @Test func blobsGoFirstAndTheResultLast() throws {
    let machine = try Machine(bucket)
    let made = try machine.make("one", ["a": "text a", "b": "text b"])
    let writes = bucket.requests.filter { $0.hasPrefix("PUT") }
    #expect(writes.count == 3)
    #expect(writes.last == "PUT " + actionKey(made.key))
    #expect(bucket[blobKey(try Digest.of("text a"))] == Array("text a".utf8))
    #expect(bucket[actionKey(made.key)] == (try made.fileBytes()))
    #expect(try machine.shared.drain(isCancelled: { false }) == 0)
    #expect(!SharedStore.hasPending(root: machine.local.layout.root))
  }

  @Test func aTreeGoesUpWithItsManifestAndFiles() throws {
    let machine = try Machine(bucket)
    let tree = try machine.adoptTree(["x/1": "one", "x/2": "two"])
    try machine.add(try machine.result("tree", ["out": tree]))
    for digest in [tree.digest, try Digest.of("one"), try Digest.of("two")] {
      #expect(bucket[blobKey(digest)] != nil)
    }
  }

  @Test func equalResultsAgreeWhateverTheirTimes() throws {
    try Machine(bucket).make("one", ["a": "same"])
    let before = bucket.keys
    let other = try Machine(bucket)
    let mine = try other.result("one", ["a": try other.adopt("same")])
    try other.add(
      ActionResult(
        key: mine.key, document: mine.document, outputs: mine.outputs,
        startedAt: Timestamp(milliseconds: 1), seconds: 9, host: "other@there"))
    #expect(other.shared.conflicts.isEmpty)
    #expect(bucket.keys == before)
  }

  @Test func theFirstOfDifferentResultsWins() throws {
    let first = try Machine(bucket).make("one", ["a": "first"])
    let machine = try Machine(bucket)
    let second = try machine.make("one", ["a": "second"])
    #expect(machine.shared.conflicts == [ResultConflict(ours: second, theirs: first)])
    #expect(try machine.local.actions.lookup(first.key) == first)
    #expect(machine.shared.hasAllBlobs(of: first))
    let aside = FileManager.default.enumerator(atPath: machine.folder("store/.atelier/remote"))?
      .compactMap { $0 as? String }.filter { $0.contains("conflicts/") }
    #expect(aside?.count == 1)
  }

  @Test func anEarlierResultWithoutItsBlobsIsReplaced() throws {
    let first = try Machine(bucket).make("one", ["a": "first"])
    bucket.remove(blobKey(try Digest.of("first")))
    let machine = try Machine(bucket)
    let second = try machine.make("one", ["a": "second"])
    #expect(machine.shared.conflicts.isEmpty)
    #expect(bucket[actionKey(first.key)] == (try second.fileBytes()))
  }

  @Test func garbageInThePlaceOfAResultIsReplaced() throws {
    let machine = try Machine(bucket)
    let result = try machine.result("one", ["a": try machine.adopt("text")])
    bucket.overwrite(actionKey(result.key), Array("no result".utf8))
    #expect(machine.shared.lookup(result.key) == nil)
    try machine.add(result)
    #expect(bucket[actionKey(result.key)] == (try result.fileBytes()))
  }

  @Test func aLostAnswerIsNoConflict() throws {
    let machine = try Machine(bucket)
    let result = try machine.result("one", [:])
    try machine.make("other", [:])  // Probes first.
    bucket.state.withLock { $0.losesAnswer = true }
    try machine.add(result)
    #expect(machine.shared.conflicts.isEmpty)
    #expect(machine.talk.isEmpty)
    #expect(!SharedStore.hasPending(root: machine.local.layout.root))
  }

  @Test func aBusyKeyIsTriedAgain() throws {
    let machine = try Machine(bucket)
    let result = try machine.result("one", [:])
    bucket.fail("PUT " + actionKey(result.key), .conflict, times: 3)
    try machine.add(result)
    #expect(bucket[actionKey(result.key)] != nil)
    #expect(machine.talk.isEmpty)
  }

  @Test func withoutConditionsItWorksAndSaysSoOnce() throws {
    bucket.state.withLock { $0.ignoresConditions = true }
    let first = try Machine(bucket)
    let made = try first.make("one", ["a": "first"])
    try first.make("two", ["a": "second"])
    #expect(first.talk.count { $0.contains("without conditions") } == 1)
    #expect(bucket.requests.count { $0.hasPrefix("PROBE") } == 1)
    // Remembered by the local store.
    let again = try Machine(bucket, at: first)
    try again.make("three", [:])
    #expect(again.talk.isEmpty)
    // Looking first still finds who was there.
    let other = try Machine(bucket)
    try other.make("one", ["a": "else"])
    #expect(other.shared.conflicts.map(\.theirs) == [made])
  }

  @Test func whatCouldNotGoUpGoesWithTheNextRun() throws {
    let machine = try Machine(bucket)
    bucket.fail(
      "PUT team/project/.atelier/cas",
      .other(status: 503, code: "SlowDown", message: "", requestID: nil))
    let made = try machine.make("one", ["a": "text"])
    #expect(machine.talk.count == 1)
    #expect(bucket[actionKey(made.key)] == nil)
    #expect(try machine.shared.drain(isCancelled: { false }) == 1)
    #expect(SharedStore.hasPending(root: machine.local.layout.root))
    let next = try Machine(bucket, at: machine)
    try next.shared.resume()
    #expect(try next.shared.drain(isCancelled: { false }) == 0)
    #expect(bucket[actionKey(made.key)] == (try made.fileBytes()))
  }

  @Test func aReadOnlyMachineWritesNothing() throws {
    let machine = try Machine(bucket, mode: .readOnly)
    try machine.make("one", ["a": "text"])
    machine.shared.add(record: RunID(startedAt: .now()))
    _ = try machine.shared.drain(isCancelled: { false })
    #expect(bucket.requests.isEmpty)
  }
}
