// Nothing about a bucket stands still or is forgotten: leases, uploads, blobs that went.
import AtelierTesting
import Content
import Foundation
import LocalStores
import S3
import Synchronization
import Testing
import Trees

@testable import RemoteCache

@Suite struct BucketProgressTests {
  let bucket = MemoryBucket()

  @Test("D11: a lease that is refused and is not there is no storm of requests")
  func aLeaseThatNobodyHas() throws {
    var times = LeaseTimes()
    times.pause = 10
    let machine = try Machine(bucket, leaseTimes: times)
    let key = try machine.result("one", [:]).key
    bucket.fail("PUT team/project/.atelier/leases/", .conflict, times: 1000)
    var waits = 0
    let end = Date().addingTimeInterval(60)
    let found = try machine.shared.claim(
      key,
      isCancelled: {
        waits += 1
        return waits > 20 || Date() > end
      }, waiting: {})
    #expect(found == nil)
    #expect(bucket.requests.count < 60, "\(bucket.requests.count)")
  }

  @Test("Store 3: a lease that is over and cannot be taken costs a few requests")
  func aLeaseThatCannotBeTaken() throws {
    var times = LeaseTimes()
    times.pause = 10
    let machine = try Machine(bucket, leaseTimes: times)
    let key = try machine.result("one", [:]).key
    let lease = "team/project/.atelier/leases/\(key.digest.hex)"
    bucket.overwrite(lease, Array(#"{"expires":1000,"holder":"someone"}"#.utf8))
    bucket.fail("PUT \(lease)", .preconditionFailed, times: 1000)
    #expect(try machine.shared.claim(key, isCancelled: { false }, waiting: {}) == nil)
    #expect(bucket.requests.count < 30)
  }

  @Test("F6: what went from the bucket is no hit, in no later process either")
  func aBlobThatWent() throws {
    let first = try Machine(bucket, host: "first")
    let result = try first.make("one", ["a": "text"])
    let record = try #require(result.outputs["a"])
    let second = try Machine(bucket, host: "second")
    #expect(second.shared.lookup(result.key) == result)
    bucket.remove(blobKey(record.digest))
    #expect(throws: RemoteFailure.self) { try second.shared.fetch(record) }
    #expect(!second.shared.hasAllBlobs(of: result))
    let later = try Machine(bucket, at: second)
    #expect(!later.shared.hasAllBlobs(of: result))
    // Who makes it again sends it.
    _ = try later.adopt("text")
    try later.add(result)
    #expect(bucket[blobKey(record.digest)] == Array("text".utf8))
    #expect(try Machine(bucket, at: later).shared.hasAllBlobs(of: result))
  }

  @Test("D14: a job that comes again while it is done is done again") func aJobTwice() throws {
    let queue = UploadQueue(width: 2)
    let job = UploadQueue.Job.result(ActionKey(try Digest.of("key")))
    let runs = Mutex(0)
    let gate = DispatchSemaphore(value: 0)
    let began = DispatchSemaphore(value: 0)
    let work: @Sendable (UploadQueue.Job) -> Void = { _ in
      let number = runs.withLock { runs in
        runs += 1
        return runs
      }
      began.signal()
      if number == 1 { _ = gate.wait(timeout: .now() + 60) }
    }
    queue.add(job, work)
    #expect(began.wait(timeout: .now() + 60) == .success)
    queue.add(job, work)
    // The second thread has seen it before the first is done.
    _ = began.wait(timeout: .now() + 0.05)
    gate.signal()
    #expect(queue.drain(isCancelled: { false }) == 0)
    #expect(runs.withLock { $0 } == 2)
  }

  @Test("F5: a tree of 110,000 files is found by another machine") func aLongManifest() throws {
    let first = try Machine(bucket, host: "first")
    let file = try first.adopt("text")
    let entries = (0..<110_000).map { number in
      TreeEntry(
        path: "a/long/enough/name/for/what/is/found/in/the/wild/\(number).txt", digest: file.digest,
        size: file.size, isExecutable: false)
    }
    let bytes = try TreeManifest(entries, describing: "test").bytes
    #expect(bytes.count > 17 << 20)
    let record = OutputRecord(
      digest: try first.local.objects.put(bytes: bytes), size: Int64(bytes.count),
      mediaType: "text/plain", kind: .tree)
    let result = try first.result("tree", ["out": record])
    try first.add(result)
    let second = try Machine(bucket, host: "second")
    #expect(second.shared.lookup(result.key) == result)
    #expect(second.talk.isEmpty, "\(second.talk)")
  }
}
