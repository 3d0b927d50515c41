// Feature groups in a bucket: an entry of the log belongs to whoever wrote it first.
import AtelierStep
import AtelierTesting
import Content
import FeatureStore
import Foundation
import RemoteCache
import S3Store
import Testing

@Suite struct FeatureBucketTests {
  let bucket = MemoryBucket()

  private func store(_ machine: Machine) -> OfflineFeatureStore {
    OfflineFeatureStore(
      local: machine.local,
      published: BucketExports(
        local: machine.local, clients: BucketClients { [bucket] _ in bucket }),
      bucket: "bucket", prefix: "pre/fix")
  }

  private func batch(_ machine: Machine, _ texts: [String: String]) throws -> FeatureBatch {
    var files = Dictionary(
      uniqueKeysWithValues: texts.map { ("event_date=\($0)/records.parquet", $1) })
    files["group.json"] = try FeatureDefinition(
      recordIdentifier: "id", eventTime: "time",
      features: [.init("id", .integral), .init("time", .fractional)]
    ).json.canonicalText()
    return try FeatureBatch(machine.adoptTree(files), in: machine.local)
  }

  private func ingest(
    _ batch: FeatureBatch, on machine: Machine
  ) throws -> (group: FeatureGroup, isNew: Bool) {
    try store(machine).ingest(
      batch, into: "my-group", by: .init(run: "run", host: "someone@here"),
      at: Timestamp(milliseconds: 1_795_262_400_000))
  }

  @Test func aGroupLiesInTheBucketAsInAFolder() throws {
    let machine = try Machine(bucket)
    #expect(try store(machine).groups() == [])
    let one = try batch(machine, ["2026-11-01": "a", "2026-11-02": "b"])
    let (group, isNew) = try ingest(one, on: machine)
    #expect(isNew)
    #expect(group.place == "s3://bucket/pre/fix/features/my-group")
    #expect(
      bucket.keys.filter { $0.hasPrefix("pre/fix/") } == [
        "pre/fix/features/my-group/data/event_date=2026-11-01/\(one.digest.hex).parquet",
        "pre/fix/features/my-group/data/event_date=2026-11-02/\(one.digest.hex).parquet",
        "pre/fix/features/my-group/log/00000001/ingestion.json",
      ])
    #expect(try !ingest(one, on: machine).isNew)
    // Another machine reads it, and keeps it as the same history.
    let other = try Machine(bucket)
    #expect(try store(other).groups() == ["my-group"])
    let found = try #require(try store(other).group("my-group"))
    #expect(found == group)
    #expect(try store(other).importHistory(of: found) == store(machine).importHistory(of: group))
  }

  @Test func whoComesSecondTakesTheNextNumber() throws {
    let machines = try (Machine(bucket), Machine(bucket))
    let ours = try batch(machines.0, ["2026-11-01": "a"])
    let theirs = try batch(machines.1, ["2026-11-01": "b"])
    _ = try ingest(theirs, on: machines.1)
    // The listing of ours was made before theirs was written.
    bucket.hideOnce("pre/fix/features/my-group/log/")
    let (group, isNew) = try ingest(ours, on: machines.0)
    #expect(isNew)
    #expect(group.ingestions.map(\.batch) == [theirs.digest, ours.digest])
    #expect(try store(machines.1).group("my-group") == group)
  }

  @Test func anUnfinishedBatchIsCompleted() throws {
    let machine = try Machine(bucket)
    let one = try batch(machine, ["2026-11-01": "a", "2026-11-02": "b"])
    for place in ["data/event_date=2026-11-02", "log/00000001"] {
      bucket.fail("PUT pre/fix/features/my-group/\(place)", .cancelled)
      #expect(throws: RemoteFailure.self) { try ingest(one, on: machine) }
      #expect(try store(machine).group("my-group") == nil)
    }
    #expect(try ingest(one, on: machine).isNew)
  }

  @Test("steps 2, 004: a group is deleted in a bucket, its newest entry first")
  func deletion() throws {
    let machine = try Machine(bucket)
    let one = try batch(machine, ["2026-11-01": "a", "2026-11-02": "b"])
    let two = try batch(machine, ["2026-11-01": "c"])
    _ = try ingest(one, on: machine)
    _ = try ingest(two, on: machine)
    let keys = bucket.keys
    _ = try store(machine).ingest(
      one, into: "other", by: .init(run: "run", host: "someone@here"),
      at: Timestamp(milliseconds: 1_795_262_400_000))
    let others = bucket.keys.filter { !keys.contains($0) }
    #expect(try store(machine).inventory(of: "my-group").files == 5)
    try store(Machine(bucket)).delete("my-group")
    #expect(
      bucket.keys.filter { $0.hasPrefix("pre/fix/") } == others.filter { $0.hasPrefix("pre/fix/") })
    #expect(try store(machine).groups() == ["other"])
    #expect(try ingest(one, on: machine).group.ingestions.count == 1)
  }

  @Test func aLostObjectIsNamed() throws {
    let machine = try Machine(bucket)
    let one = try batch(machine, ["2026-11-01": "a", "2026-11-02": "b"])
    let group = try ingest(one, on: machine).group
    let keys = bucket.keys.filter { $0.contains("/data/") }
    bucket.remove(keys[0])
    bucket.overwrite(keys[1], Array("other".utf8))
    let other = try Machine(bucket)
    for (key, file) in zip(keys, one.files) {
      let error = #expect(throws: FeatureStoreError.self) {
        try store(other).path(of: file, in: group.ingestions[0], of: group)
      }
      #expect(error?.description.hasPrefix("s3://bucket/\(key) is gone") == true)
    }
    // The machine that ingested them puts them back when the same records come again.
    #expect(try ingest(one, on: machine).isNew)
    for (key, text) in zip(keys, ["a", "b"]) { #expect(bucket[key] == Array(text.utf8)) }
    #expect(try !ingest(one, on: machine).isNew)
    _ = try store(other).path(of: one.files[0], in: group.ingestions[0], of: group)
  }
}
