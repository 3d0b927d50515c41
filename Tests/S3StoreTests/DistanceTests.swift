// Far from a bucket each request takes the way there and back: many must be under way at a time.
import Content
import Publishing
import RemoteCache
import S3Store
import Testing

@Suite struct DistanceTests {
  let bucket = MemoryBucket()
  /// Fewer than are allowed, so that a machine on which a thread cannot be had at once passes.
  private static let many = 40

  /// Does `work` with a bucket that answers requests of a kind only when `many` of them wait.
  private func crowded(
    _ operation: String, butNot loner: String? = nil, _ work: () throws -> Void
  ) throws -> Bool {
    let crowd = Crowd(of: Self.many, operation, butNot: loner)
    bucket.crowd.withLock { $0 = crowd }
    defer { bucket.crowd.withLock { $0 = nil } }
    try work()
    return crowd.gathered
  }

  @Test func resultsGoUpAndComeDownManyAtATime() throws {
    let here = try Machine(bucket)
    let results = try (0..<Self.many).map { number in
      let result = try here.result("step \(number)", ["out": here.adopt("text \(number)")])
      try here.local.actions.store(result)
      return result
    }
    let goUp = try crowded("PUT") {
      let report = try here.shared.push(results.map(\.key), records: [])
      #expect(report.results == Self.many && report.blobs == Self.many)
    }
    #expect(goUp)
    let there = try Machine(bucket)
    let areFound = try crowded("GET") {
      let found = try there.shared.results()
      #expect(found.count == Self.many)
    }
    #expect(areFound)
    let comeDown = try crowded("GET") {
      let report = try there.shared.pull(results)
      #expect(report.blobs == Self.many)
    }
    #expect(comeDown)
    for (number, result) in results.enumerated() {
      let record = try #require(result.outputs["out"])
      #expect(try there.text(record) == "text \(number)")
    }
  }

  @Test func theFilesOfATreeGoUpAndComeDownManyAtATime() throws {
    let here = try Machine(bucket)
    let files = Dictionary(
      uniqueKeysWithValues: (0..<Self.many).map { ("part-\($0)", "text \($0)") })
    let record = try here.adoptTree(files)
    let goesUp = try crowded("PUT") { try here.shared.send(record) }
    #expect(goesUp)
    let there = try Machine(bucket)
    // The list of files comes first.
    let comesDown = try crowded("GET", butNot: record.digest.hex) { try there.shared.fetch(record) }
    #expect(comesDown)
    #expect(try there.local.trees.check(record) == .good)
  }

  /// The first file of a set decides whose it is and goes alone; the others go together.
  @Test func aSetIsPublishedManyFilesAtATime() throws {
    let here = try Machine(bucket)
    let exports = BucketExports(
      local: here.local, clients: BucketClients { [bucket] _ in bucket })
    let export = "s3://bucket/data/exportTime=1"
    let files = try (0...Self.many).map { number in
      let record = try here.adopt("text \(number)")
      return PublishedFile(
        name: "part-\(100 + number)", digest: record.digest, size: record.size)
    }
    // Whether the endpoint keeps conditions is asked once.
    #expect(try exports.publish([files[0]], as: "s3://bucket/data/exportTime=0"))
    bucket.forgetRequests()
    let goTogether = try crowded("PUT", butNot: "part-100") {
      let isOurs = try exports.publish(files, as: export)
      #expect(isOurs)
    }
    #expect(goTogether)
    let puts = bucket.requests.filter { $0.hasPrefix("PUT") }
    #expect(puts.first == "PUT data/exportTime=1/part-100")
    #expect(Set(puts).count == files.count)
    #expect(try exports.files(in: export).count == files.count)
  }
}
