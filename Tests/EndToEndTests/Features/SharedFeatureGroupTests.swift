// A feature group in a bucket that two machines share: each ingests, both see all of it, and real
// clients read it.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct SharedFeatureGroupTests {
  private let space: WorkshopSpace
  private let bucket: String
  private let server: BucketServer
  private static let later = ["Abalone.record_time": "2026-02-01T00:00:00Z"]

  init() throws {
    server = try BucketServer.common.get()
    bucket = try server.makeBucket()
    space = try WorkshopSpace.abalone()
    space.variables = BucketServer.keys.merging(
      ["AWS_ENDPOINT_URL": server.url, "NO_PROXY": "127.0.0.1"]) { $1 }
    space.settings.merge(["Atelier.store": "s3", "AWS.s3_bucket_name": bucket]) { $1 }
  }

  /// The settings of a machine: its own folder.
  private func machine(_ name: String, _ more: [String: String] = [:]) -> [String: String] {
    more.merging(["Atelier.root": space.folder("store-\(name)")]) { $1 }
  }

  private func records(_ machine: [String: String]) throws -> [String] {
    try space.atelier(
      [
        "features", "query", "SELECT count(*), max(batch) FROM abalone", "--workshop", "abalone",
        "--format", "csv",
      ], machine
    ).out.split(separator: "\n").map(String.init)
  }

  @Test func twoMachinesShareAGroup() throws {
    let one = machine("one")
    let two = machine("two")
    let first = try space.run(one)
    #expect(first.deliveries["ingest.records"] == "delivered")
    // The other machine has nothing yet, and needs to build nothing.
    let same = try space.run(two)
    #expect(same.built.isEmpty, "\(same.built)")
    #expect(same.deliveries["ingest.records"] == "unchanged")
    #expect(try records(two) == ["count_star(),max(batch)", "200,1"])

    // It ingests: the first machine's next run says that the history is another.
    let grown = try space.run(machine("two", Self.later))
    #expect(grown.deliveries["ingest.records"] == "delivered")
    #expect(try records(one).last == "400,2")
    let back = try space.run(one)
    #expect(back.deliveries["ingest.records"] == "unchanged")
    #expect(back.built.isEmpty, "\(back.built)")
    #expect(back.digest("train.latest.table") == grown.digest("train.latest.table"))

    // A third one, that made none of it, gets the records from the bucket.
    let third = machine("three", ["Abalone.as_of": "2026-01-15"])
    let past = try space.run(third)
    #expect(past.built == ["train.latest"], "\(past.built)")
    #expect(past.digest("train.latest.table") == first.digest("train.latest.table"))

    // What clients of the bucket see.
    let keys = try keys("abalone/features/")
    #expect(keys.filter { $0.contains("/log/") }.count == 2)
    let days = Set(
      keys.compactMap { $0.split(separator: "/").first { $0.hasPrefix("event_date=") } })
    #expect(days == ["event_date=2026-01-01", "event_date=2026-02-01"])
  }

  /// The keys below a prefix, by boto3.
  private func keys(_ prefix: String) throws -> [String] {
    let finished = try Space.start(
      BucketServer.venv + "/bin/python",
      [
        "-c",
        """
        import sys, boto3
        bucket, prefix, endpoint = sys.argv[1:]
        client = boto3.client("s3", endpoint_url=endpoint)
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for found in page.get("Contents", []):
                print(found["Key"])
        """, bucket, prefix, server.url,
      ], environment: Space.tools.merging(BucketServer.keys) { $1 }, folder: space.folder.path)
    try #require(finished.code == 0, "\(finished.err)")
    return finished.out.split(separator: "\n").map(String.init)
  }
}
