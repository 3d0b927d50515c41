// The shared store as a whole: pushing what it lacks, pulling what is needed, collecting, checking.
import AtelierTesting
import Content
import Foundation
import HTTP
import RemoteCache
import S3Store
import StoreMaintenance
import Testing

@Suite struct UpkeepTests {
  let bucket = MemoryBucket()

  /// A result that was made before there was a bucket.
  private func keep(_ name: String, _ texts: [String], at machine: Machine) throws -> ActionResult {
    var outputs: [String: OutputRecord] = [:]
    for (number, text) in texts.enumerated() { outputs["\(number)"] = try machine.adopt(text) }
    let result = try machine.result(name, outputs)
    try machine.local.actions.store(result)
    return result
  }

  private var puts: [String] { bucket.requests.filter { $0.hasPrefix("PUT") } }

  // MARK: Push and pull

  @Test func aPushSendsWhatIsMissingAndASecondOneNothing() throws {
    let machine = try Machine(bucket)
    let one = try keep("one", ["a", "b"], at: machine)
    let two = try keep("two", ["b", "c"], at: machine)
    let id = RunID(startedAt: Timestamp(milliseconds: 1_763_725_734_123))
    try machine.local.runs.write(["v": 1], id: id)
    let first = try machine.shared.push([one.key, two.key], records: [id])
    #expect(first.results == 2 && first.blobs == 3 && first.bytes == 3 && first.records == 1)
    let written = puts
    #expect(written.count == 6)
    // Blobs, then results, then the record.
    #expect(written.prefix(3).allSatisfy { $0.contains("/cas/") })
    #expect(written.dropFirst(3).prefix(2).allSatisfy { $0.contains("/ac/") })
    bucket.forgetRequests()
    let second = try machine.shared.push([one.key, two.key], records: [id])
    #expect(second.results == 0 && second.blobs == 0 && second.same == 2 && second.records == 0)
    #expect(puts.isEmpty)
  }

  @Test func aPushOfManyListsInsteadOfAsking() throws {
    let machine = try Machine(bucket)
    let keys = try (0..<250).map { try keep("r\($0)", ["blob \($0)"], at: machine).key }
    _ = try machine.shared.push(keys, records: [])
    #expect(!bucket.requests.contains { $0.hasPrefix("HEAD") || $0.hasPrefix("GET") })
    bucket.forgetRequests()
    let again = try Machine(bucket, at: machine)
    #expect(try again.shared.push(keys, records: []).same == 250)
    #expect(bucket.requests.count <= 2, "\(bucket.requests.prefix(5))")
  }

  @Test func aBlobThatIsGoneThereIsSentAgain() throws {
    let machine = try Machine(bucket)
    let one = try keep("one", ["a"], at: machine)
    _ = try machine.shared.push([one.key], records: [])
    bucket.remove(blobKey(try Digest.of("a")))
    let again = try Machine(bucket, at: machine)
    #expect(try again.shared.push([one.key], records: []).blobs == 1)
  }

  @Test func otherOutputsThereStay() throws {
    let theirs = try Machine(bucket).make("one", ["0": "theirs"])
    let machine = try Machine(bucket)
    let ours = try keep("one", ["ours"], at: machine)
    let before = bucket.keys
    let report = try machine.shared.push([ours.key], records: [])
    #expect(report.conflicts == [ResultConflict(ours: ours, theirs: theirs)])
    #expect(bucket.keys == before)
    #expect(try machine.local.actions.lookup(ours.key) == ours)
  }

  @Test func aResultWithoutItsBytesIsNotSent() throws {
    let machine = try Machine(bucket)
    let one = try keep("one", ["a"], at: machine)
    try FileManager.default.removeItem(
      atPath: machine.local.layout.blob(try Digest.of("a")))
    let report = try machine.shared.push([one.key], records: [])
    #expect(report.incomplete == [one.key] && bucket.keys.isEmpty)
  }

  @Test func aPullBringsEverythingAndSaysWhatIsLost() throws {
    let maker = try Machine(bucket)
    try maker.make("one", ["a": "text"])
    let tree = try maker.adoptTree(["x/1": "one", "x/2": "two"])
    try maker.add(try maker.result("tree", ["out": tree]))
    let lost = try maker.make("lost", ["a": "lost bytes"])
    let machine = try Machine(bucket)
    let results = try machine.shared.results()
    #expect(results.count == 3)
    bucket.remove(blobKey(try Digest.of("lost bytes")))
    let report = try machine.shared.pull(results)
    // The tree's manifest came with the result.
    #expect(report.lost == [lost.key] && report.blobs == 3)
    #expect(try machine.local.trees.check(tree) == .good)
    bucket.forgetRequests()
    _ = try machine.shared.pull(results.filter { $0.key != lost.key })
    #expect(bucket.requests.isEmpty)
  }

  // MARK: Collecting

  private static let now = UnixTime(seconds: 1_763_800_000)

  private static let reader: RunRoots.Reader = { id, json in
    let keys = (json["keys"]?.array ?? []).compactMap { $0.string.flatMap { Digest($0) } }
    return RunRoots(
      id: id, group: "w",
      steps: Dictionary(
        keys.map { ($0.hex, ActionKey($0)) }, uniquingKeysWith: { first, _ in first }),
      uncachedOutputs: [])
  }

  private func collection(_ machine: Machine) throws -> RemoteCollection {
    var limits = CollectionLimits(now: Timestamp(milliseconds: Self.now.seconds * 1000))
    limits.grace = 86_400_000
    limits.maxAge = 86_400_000
    limits.keepRuns = 1
    return try RemoteCollection(
      machine.shared.remote, local: machine.local, limits: limits, tagged: [],
      reading: Self.reader)
  }

  /// Dates all objects that a text is in.
  private func date(_ text: String, hoursAgo hours: Int64) {
    for key in bucket.keys where key.contains(text) {
      bucket.date(key, UnixTime(seconds: Self.now.seconds - hours * 3600))
    }
  }

  private func record(_ results: [ActionResult], at machine: Machine) throws {
    let keys = results.map { JSONValue.string($0.key.description) }
    let id = RunID(startedAt: Timestamp(milliseconds: (Self.now.seconds - 360_000) * 1000))
    try machine.shared.remote.add(
      record: JSONValue.object(["keys": .array(keys)]).canonicalBytes(), id: id)
  }

  @Test func whatNobodyHoldsGoesAndTheRestIsWhole() throws {
    let machine = try Machine(bucket)
    let keeps = try machine.make("keeps", ["a": "kept", "b": "shared"])
    let goes = try machine.make("goes", ["a": "gone", "b": "shared"])
    try record([keeps], at: machine)
    date("", hoursAgo: 100)
    var collection = try collection(machine)
    #expect(collection.plan.results.map(\.key) == [goes.key])
    try collection.sweep()
    #expect(bucket[actionKey(goes.key)] == nil)
    #expect(bucket[blobKey(try Digest.of("gone"))] == nil)
    #expect(bucket[blobKey(try Digest.of("shared"))] != nil)
    let late = try Machine(bucket)
    #expect(late.shared.lookup(keeps.key) != nil && late.shared.lookup(goes.key) == nil)
  }

  @Test func whatIsYoungOrOfUnknownAgeStays() throws {
    let machine = try Machine(bucket)
    let young = try machine.make("young", ["a": "young"])
    let undated = try machine.make("undated", ["a": "undated"])
    bucket.overwrite(blobKey(try Digest.of("loose")), Array("loose".utf8))
    date("", hoursAgo: 100)
    date(young.key.digest.hex, hoursAgo: 1)
    bucket.date(actionKey(undated.key), nil)
    let before = bucket.keys.count
    var collection = try collection(machine)
    #expect(collection.plan.results.isEmpty && collection.plan.blobs.count == 1)
    try collection.sweep()
    #expect(bucket.keys.count == before - 1)
    date(try Digest.of("young").hex, hoursAgo: 100)
    #expect(Machine.finds(young.key, in: bucket))
  }

  @Test func aResultThatComesMeanwhileKeepsItsBlobs() throws {
    let machine = try Machine(bucket)
    let old = try machine.make("old", ["a": "bytes of both"])
    date("", hoursAgo: 100)
    var collection = try collection(machine)
    #expect(collection.plan.blobs.count == 1)
    // Another machine finds the blob there and writes the result that names it.
    let new = try Machine(bucket).make("new", ["a": "bytes of both"])
    try collection.sweep()
    #expect(!Machine.finds(old.key, in: bucket) && Machine.finds(new.key, in: bucket))
    #expect(collection.plan.blobs.isEmpty)
  }

  @Test func aSweepThatIsCutOffLeavesNoResultWithoutItsBlobs() throws {
    let machine = try Machine(bucket)
    try machine.make("one", ["a": "text"])
    date("", hoursAgo: 100)
    var collection = try collection(machine)
    bucket.fail("DELETEMANY team/project/.atelier/cas", .accessDenied)
    #expect(throws: RemoteFailure.self) { try collection.sweep() }
    #expect(bucket.keys.contains { $0.contains("/cas/") })
    #expect(!bucket.keys.contains { $0.contains("/ac/") })
  }

  @Test func staleLeasesAndOldQuarantineGo() throws {
    let machine = try Machine(bucket)
    for name in ["leases/x", "probe/y", "quarantine/z", "unknown"] {
      bucket.overwrite("team/project/.atelier/\(name)", [1])
    }
    date("", hoursAgo: 100)
    var collection = try collection(machine)
    #expect(collection.leftovers == 3)
    try collection.sweep()
    #expect(bucket.keys == ["team/project/.atelier/unknown"])
  }

  // MARK: Checking

  private func check(_ machine: Machine, repairs: Bool = true) throws -> IntegrityReport {
    var checkup = RemoteIntegrityCheck(machine.shared, repairs: repairs, reading: Self.reader)
    return try checkup.run()
  }

  @Test func damageThereIsFoundAndMovedAway() throws {
    let machine = try Machine(bucket)
    let one = try machine.make("one", ["a": "one"])
    let two = try machine.make("two", ["a": "two"])
    let three = try machine.make("three", ["a": "three"])
    #expect(try check(machine).damages.isEmpty)
    bucket.overwrite(blobKey(try Digest.of("one")), Array("eno".utf8))
    bucket.remove(blobKey(try Digest.of("two")))
    bucket.overwrite(actionKey(three.key), Array("{}".utf8))
    #expect(try check(machine, repairs: false).damages.count == 3)
    #expect(!bucket.keys.contains { $0.contains("quarantine") })
    let found = try check(machine)
    #expect(Set(found.damages.map(\.kind)) == [.blob, .missing, .result])
    #expect(Set(found.affected) == [one.key, two.key, three.key])
    #expect(bucket.keys.count { $0.contains("/quarantine/") } == 2)
    for result in [one, two, three] { #expect(!Machine.finds(result.key, in: bucket)) }
    // This machine has the bytes: a push heals it all.
    let healer = try Machine(bucket, at: machine)
    _ = try healer.shared.push([one.key, two.key, three.key], records: [])
    #expect(try check(healer).damages.isEmpty)
  }
}

extension Machine {
  /// Whether a machine that is new finds a result in a bucket.
  static func finds(_ key: ActionKey, in bucket: MemoryBucket) -> Bool {
    (try? Machine(bucket))?.shared.lookup(key) != nil
  }
}
