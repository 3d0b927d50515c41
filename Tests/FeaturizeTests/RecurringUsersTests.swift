// Features of users who recur over files: equal to those of one query over all events.
import AtelierStep
import AtelierTesting
import DuckDB
import Featurize
import PropensityFormats
import Testing

/// Files of one set of events, and the steps over them.
private struct EventSet {
  let tables: Tables
  let files: [String]
  private let buckets = 4

  init(_ batches: [[Event]]) throws {
    let tables = try Tables()
    self.tables = tables
    files = try batches.enumerated().map { try tables.events("batch-\($0)", $1) }
  }

  /// What `FeaturizeBatch` gives over all events at once.
  func atOnce(_ events: [Event]) throws -> [String] {
    let file = try tables.events("all", events)
    return try rows(
      StepHarness.run(
        FeaturizeBatch(events: .test, seed: 7, tenant: "acme"), inputs: ["events": file]))
  }

  /// The rows of all parts by user, and the bytes of the list of recurring users.
  func byBuckets() throws -> (rows: [String], recurring: String) {
    let none = tables.path("none.parquet")
    _ = try tables.rows(
      """
      COPY (SELECT 0::BIGINT AS batch, '' AS _id WHERE false) TO (getvariable('p')) (FORMAT parquet);
      """, ["p": .text(none)])
    let partials = try files.map {
      try StepHarness.run(
        PartitionEvents(events: .test, tenant: "acme", buckets: buckets), inputs: ["events": $0])
    }
    let paths = partials.map { $0.outputs["partial"] ?? "" }
    let all = Dictionary(uniqueKeysWithValues: paths.enumerated().map { ("partials.\($0)", $1) })
    let artifacts = [Artifact<EventPartial>](repeating: .test, count: paths.count)
    return try withExtendedLifetime(partials) {
      let found = try StepHarness.run(
        FindRecurringUsers(partials: artifacts, checked: .test, tenant: "acme"),
        inputs: all.merging(["checked": none]) { $1 })
      let users = found.outputs["users"] ?? ""
      let own = try paths.map { path in
        try StepHarness.run(
          FeaturizeUsers(partials: [.test], recurring: .test, seed: 7, tenant: "acme"),
          inputs: ["partials.0": path, "recurring": users])
      }
      let shared = try (0..<buckets).map { bucket in
        try StepHarness.run(
          FeaturizeUsers(
            partials: artifacts, recurring: .test, bucket: bucket, seed: 7, tenant: "acme"),
          inputs: all.merging(["recurring": users]) { $1 })
      }
      return (try (own + shared).flatMap(rows).sorted(), try digest(users))
    }
  }

  private func rows(_ part: StepHarness.Result) throws -> [String] {
    try tables.rows(
      "SELECT * FROM read_parquet(getvariable('part'));",
      ["part": .text(part.outputs["part"] ?? "")])
  }
}

@Suite struct RecurringUsersTests {
  /// Each user's events fall into 1 to 10 files, in no order of time.
  @Test(
    "steps 3.4, data D16: features do not depend on the files",
    arguments: 1...4 as ClosedRange<UInt64>)
  func featuresDoNotDependOnTheFiles(seed: UInt64) throws {
    let events = Event.random(seed: seed, users: 80)
    var generator = SeededGenerator(state: seed &+ 100)
    var spread: [String: [Int]] = [:]
    var batches = [[Event]](repeating: [], count: 10)
    for event in events {
      let user = event.user ?? ""
      let own =
        spread[user]
        ?? Array(
          (0..<10).shuffled(using: &generator).prefix(Int.random(in: 1...10, using: &generator)))
      spread[user] = own
      batches[own.randomElement(using: &generator) ?? 0].append(event)
    }
    #expect(spread.values.contains { $0.count == 1 } && spread.values.contains { $0.count > 5 })
    let set = try EventSet(batches)
    #expect(try set.byBuckets().rows == set.atOnce(events).sorted())
  }

  @Test func oneMoreBatchOfOtherUsersChangesNoList() throws {
    let batches = (1...3).map { Event.random(seed: UInt64($0), users: 20) }
    let two = try EventSet(Array(batches[..<2])).byBuckets()
    let three = try EventSet(batches).byBuckets()
    #expect(two.recurring == three.recurring)
    #expect(Set(two.rows).isSubset(of: three.rows))
    // A user who comes again is listed.
    let again = try EventSet(batches + [batches[0].filter { $0.user != nil }]).byBuckets()
    #expect(again.recurring != three.recurring)
  }
}
