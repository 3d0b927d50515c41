// Exports in a bucket: what is there is known by digest, and a name belongs to whoever came first.
import Content
import Publishing
import S3Store
import Testing

@Suite struct ExportTests {
  let bucket = MemoryBucket()
  let machine: Machine
  let exports: BucketExports

  init() throws {
    machine = try Machine(bucket)
    exports = BucketExports(
      local: machine.local, clients: BucketClients { [bucket] _ in bucket })
  }

  private func file(_ name: String, _ text: String) throws -> PublishedFile {
    let record = try machine.adopt(text)
    return PublishedFile(name: name, digest: record.digest, size: record.size)
  }

  @Test func anExportIsReadBackByDigest() throws {
    let dataset = exports.dataset(bucket: "bucket", prefix: "pre/fix", name: "data set")
    #expect(dataset == "s3://bucket/pre/fix/data set")
    #expect(try exports.exports(in: dataset, prefix: "exportTime=") == [])
    let files = [try file("b", "two"), try file("a", "one")]
    #expect(try exports.publish(files, as: dataset + "/exportTime=2"))
    #expect(try exports.publish([files[0]], as: dataset + "/exportTime=1"))
    #expect(
      try exports.exports(in: dataset, prefix: "exportTime=") == ["exportTime=1", "exportTime=2"])
    bucket.forgetRequests()
    let found = try exports.files(in: dataset + "/exportTime=2")
    #expect(found == ["a": try Digest.of("one"), "b": try Digest.of("two")])
    #expect(!bucket.requests.contains { $0.hasPrefix("GET") })
    try exports.add(try file("c", "three"), to: dataset + "/exportTime=2")
    #expect(bucket["pre/fix/data set/exportTime=2/c"] == Array("three".utf8))
  }

  @Test func bytesWithoutAToldDigestAreRead() throws {
    bucket.overwrite("p/data/exportTime=1/x", Array("foreign".utf8))
    #expect(try exports.files(in: "s3://bucket/p/data/exportTime=1") == ["x": Digest.of("foreign")])
  }

  @Test func aNameThatIsTakenIsLeftAlone() throws {
    bucket.overwrite("data/exportTime=1/part", Array("theirs".utf8))
    #expect(try !exports.publish([file("part", "ours")], as: "s3://bucket/data/exportTime=1"))
    #expect(bucket["data/exportTime=1/part"] == Array("theirs".utf8))
    // The same bytes may be the first of another set, as long as they do not say of which.
    #expect(try !exports.publish([file("part", "theirs")], as: "s3://bucket/data/exportTime=1"))
  }

  @Test func aLostAnswerToTheFirstFileIsNoQuarrel() throws {
    let export = "s3://bucket/data/exportTime=1"
    let files = [try file("a", "one"), try file("b", "two")]
    #expect(try exports.publish(files, as: export))
    #expect(try exports.publish(files, as: export))
    #expect(try !exports.publish([files[0], file("c", "three")], as: export))
    #expect(try exports.files(in: export).count == 2)
  }

  @Test("D12: a set of files that begins alike is not completed with another's")
  func onlyTheSameSetIsCompleted() throws {
    let export = "s3://bucket/data/exportTime=1"
    let ours = [try file("a", "one"), try file("b", "two"), try file("c", "three")]
    #expect(try exports.publish(ours, as: export))
    bucket.remove("data/exportTime=1/b")
    bucket.remove("data/exportTime=1/c")
    let theirs = [ours[0], try file("b", "other")]
    guard case .different = try exports.compare(theirs, with: export) else {
      Issue.record("another's half was taken for our own")
      return
    }
    guard case .lacks(let missing) = try exports.compare(ours, with: export) else {
      Issue.record("our own half was not recognised")
      return
    }
    #expect(missing.map(\.name) == ["b", "c"])
    // Somebody else puts a file of ours between.
    bucket.overwrite("data/exportTime=1/b", Array("foreign".utf8))
    #expect(try !exports.complete(export, with: missing, of: ours))
    bucket.remove("data/exportTime=1/b")
    #expect(try exports.complete(export, with: missing, of: ours))
    guard case .same = try exports.compare(ours, with: export) else {
      Issue.record("it is not whole")
      return
    }
  }
}
