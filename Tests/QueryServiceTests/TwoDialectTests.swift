// Both renderings over random events: the platform's text on DuckDB through its dialect, and our steps.
import AtelierStep
import AtelierTesting
import DuckDB
import Featurize
import Foundation
import PropensityFormats
import Synchronization
import Testing

@testable import PlatformQueries
@testable import QueryService
@testable import SQL

/// One set of events on the wire sandbox and in files.
private struct TwoSides {
  let server: WireServer
  let events: EventBatches
  let table: String
  let space: TemporarySpace
  private let context: StepContext

  private static let made = Mutex<[Int: EventBatches]>([:])

  init(seed: Int, users: Int = 120, batches: Int = 3) throws {
    server = try WireServer.common.get()
    events = try Self.made.withLock { made in
      if let events = made[seed] { return events }
      let events = try EventBatches(seed: seed, users: users, batches: batches)
      made[seed] = events
      return events
    }
    table = "events_\(seed)_\(UUID().uuidString.prefix(8))"
    try server.publish(table, events.published)
    space = try TemporarySpace()
    try FileManager.default.createDirectory(
      atPath: space.path + "/scratch", withIntermediateDirectories: true)
    context = StepContext(
      directory: space.path, inputs: [:], outputs: [:],
      programs: ["duckdb": TestTools.path(of: "duckdb") ?? ""])
  }

  func selection(_ rows: EventSelection.Rows? = nil, bucket: EventSelection.Bucket? = nil) throws
    -> EventSelection
  {
    let ids = events.published.map(\.id)
    return try EventSelection(
      table: table, tenant: "acme", rows: rows ?? .batches(ids), bucket: bucket)
  }

  /// The lines of a query's result in DuckDB, without the header.
  func lines(_ sql: String, _ variables: [String: SQLValue] = [:]) throws -> [String] {
    try DuckDB(in: context).run(sql, with: variables)
      .split(separator: "\n", omittingEmptySubsequences: false).dropFirst().map(String.init)
      .filter { !$0.isEmpty }
  }

  /// What the platform's text gives, typed as the feature table is.
  func remote(_ query: FeatureQuery) throws -> [String] {
    let path = space.path + "/remote-\(UUID().uuidString).csv"
    try server.client().select(query.text, columns: query.columns, into: path)
    return try typed(path)
  }

  func typed(_ path: String) throws -> [String] {
    let reader = FeatureExportReader(format: .csv, features: Feature.propensity.map(\.name))
    return try lines(
      "SELECT * FROM \(reader.relation(of: "getvariable('f')")) ORDER BY userId;",
      ["f": .text(path)])
  }

  /// All events of some batches as one file.
  func merged(_ files: [String]) throws -> String {
    let path = space.path + "/merged-\(UUID().uuidString).parquet"
    _ = try lines(
      """
      COPY (SELECT * FROM read_parquet(getvariable('files')) ORDER BY timestamp, _id)
      TO (getvariable('to')) (FORMAT parquet);
      """, ["files": .list(files.map { .text($0) }), "to": .text(path)])
    return path
  }

  /// What our own step gives over all events at once, which is what it gives over buckets.
  func local(_ rows: RowRule, _ files: [String]? = nil) throws -> [String] {
    var step = FeaturizeBatch(events: .test, seed: 7, tenant: "acme", rows: rows)
    let file = try merged(files ?? events.files)
    var inputs = ["events": file]
    if case .forecast = rows {
      inputs["newest.0"] = try space.write("newest.csv", "newest\n2030-01-01 00:00:00\n")
      step.newest = [.test]
    }
    let result = try StepHarness.run(step, inputs: inputs)
    return try lines(
      "SELECT * FROM read_parquet(getvariable('f')) ORDER BY userId;",
      ["f": .text(result.outputs["part"] ?? "")])
  }
}

@Suite(.enabled(if: WireServer.isInstalled, "\(StandIns.absence)"))
struct TwoDialectTests {
  private static let rules: [RowRule] = [
    .event(gap: 0), .event(gap: 60), .event(gap: 61), .latest,
  ]

  @Test(
    "the property of both dialects: equal features in all columns, by every rule",
    arguments: 1...2)
  func featuresAreEqual(seed: Int) throws {
    let sides = try TwoSides(seed: seed)
    for rule in Self.rules {
      let query = try FeatureQuery(sides.selection(), seed: 7, rows: rule)
      let remote = try sides.remote(query)
      #expect(try remote == sides.local(rule), "\(rule)")
      #expect(remote.count > 100)
    }
  }

  @Test func forecastsAreEqual() throws {
    // Events begin at midnight and last 15 minutes, so half of them are moved to the day before.
    let sides = try TwoSides(seed: 2)
    let shifted = sides.space.path + "/shifted.parquet"
    _ = try sides.lines(
      """
      COPY (SELECT * REPLACE (timestamp - INTERVAL 450 SECOND AS timestamp)
        FROM read_parquet(getvariable('files')) ORDER BY timestamp, _id)
      TO (getvariable('to')) (FORMAT parquet);
      """,
      ["files": .list(sides.events.files.map { .text($0) }), "to": .text(shifted)])
    try sides.server.publish(
      sides.table, [WireServer.Batch(id: "B0", files: [shifted], records: 0)])
    let rule = RowRule.forecast(date: "2026-01-01", days: 1)
    let query = try FeatureQuery(
      sides.selection(.batches(["B0"])), seed: 7, rows: rule)
    let remote = try sides.remote(query)
    #expect(try remote == sides.local(rule, [shifted]))
    #expect(remote.contains { $0.contains(",true,") } && remote.count > 20)
    let newest = try sides.server.client().rows(of: query.newest, columns: ["newest"])
    #expect(throws: StepFailure.self) {
      try query.check(newest: newest[0][0].flatMap { Int64($0) })
    }
    try query.check(newest: 1_767_225_600_000_000 + 86_400_000_000)
  }

  @Test("package 7: users who recur over batches get one row, in whichever bucket")
  func bucketsAreAPartition() throws {
    let sides = try TwoSides(seed: 4)
    let whole = try sides.local(.event(gap: 0))
    let parts = try (0..<5).map { index in
      let bucket = try EventSelection.Bucket(index, of: 5)
      return try sides.remote(
        FeatureQuery(
          sides.selection(bucket: bucket), seed: 7, rows: .event(gap: 0)))
    }
    #expect(parts.allSatisfy { !$0.isEmpty })
    #expect(parts.flatMap { $0 }.sorted() == whole.sorted())
  }

  @Test("the notebooks' own form, with TIME_BETWEEN_PREVIOUS_MATCH, gives the same")
  func theNotebooksFormIsEqual() throws {
    let sides = try TwoSides(seed: 4)
    let ids = try sides.server.client().rows(
      of: ObservationQuery.snapshots(of: sides.table),
      columns: ["snapshot_id", "parent_id", "records"])
    let last = try #require(ids.last?[0])
    let text = QueryServiceSQL(tenant: "acme", dataset: sides.table, seed: 7).text
      .replacing("$from_snapshot_id", with: "'HEAD'").replacing("$to_snapshot_id", with: last)
    let path = sides.space.path + "/notebook.csv"
    let columns = FeatureTable.columns(features: Feature.propensity.map(\.name)).map(\.name)
    try sides.server.client().select(text, columns: columns, into: path)
    #expect(try sides.typed(path) == sides.local(.event(gap: 0)))
  }

  @Test("trap 0.1: 'HEAD' at the start keeps the first batch, its own id loses it")
  func theFirstBatchIsNotLost() throws {
    let sides = try TwoSides(seed: 4)
    let client = sides.server.client()
    let ids = try client.rows(
      of: ObservationQuery.snapshots(of: sides.table),
      columns: ["snapshot_id", "parent_id", "records"])
    // 64 bits arrive as text; a floating-point number would round them.
    let snapshots = try ids.map { try #require($0[0]) }
    #expect(snapshots.count == 3 && snapshots.allSatisfy { Int64($0) ?? 0 > 1 << 53 })
    #expect(ids.map { $0[1] } == [nil, snapshots[0], snapshots[1]])
    func features(after start: String?) throws -> [String] {
      try sides.remote(
        FeatureQuery(
          sides.selection(.snapshots(after: start, upTo: snapshots[2])), seed: 7,
          rows: .event(gap: 0)))
    }
    #expect(try features(after: nil) == sides.local(.event(gap: 0)))
    // What the notebooks pass.
    #expect(
      try features(after: snapshots[0])
        == sides.local(.event(gap: 0), Array(sides.events.files.dropFirst())))
  }

  @Test("traps 0.2, 0.3: an expired snapshot is an error; rows keep their batch when batches merge")
  func batchesStay() throws {
    let sides = try TwoSides(seed: 4)
    let missing = try sides.selection(.snapshots(after: "123456", upTo: "99999999999"))
    let query = try FeatureQuery(missing, seed: 7, rows: .latest)
    let text = failure { try sides.remote(query) }
    #expect(text?.contains("does not exist or has expired") == true)
    // Two batches are stored as one: snapshots are fewer, batches are not.
    let merged = sides.events.published.map { batch in
      var batch = batch
      batch.stored = "B0"
      return batch
    }
    try sides.server.publish(sides.table, merged)
    let client = sides.server.client()
    #expect(
      try client.rows(
        of: ObservationQuery.snapshots(of: sides.table),
        columns: ["snapshot_id", "parent_id", "records"]
      ).count == 1)
    let own = try sides.selection(.batches(["B1"]))
    #expect(
      try sides.remote(FeatureQuery(own, seed: 7, rows: .latest))
        == sides.local(.latest, [sides.events.files[1]]))
  }

  @Test("the property of both dialects: equal explorations in all columns", arguments: 1...2)
  func explorationsAreEqual(seed: Int) throws {
    let sides = try TwoSides(seed: seed)
    for exploration in try Exploration.all(sides.selection(), seed: seed) {
      let answer = sides.space.path + "/answer.csv"
      try sides.server.client().select(
        exploration.query, columns: exploration.columns.map(\.name), into: answer)
      let finished = sides.space.path + "/finished.csv"
      _ = try sides.lines(
        """
        CREATE TEMP VIEW answer AS FROM \(exploration.relation(of: "'\(answer)'"));
        COPY (\(exploration.finish)) TO '\(finished)' (FORMAT csv, HEADER);
        """)
      #expect(
        try String(contentsOfFile: finished, encoding: .utf8)
          == local(exploration.name, sides.events.files, seed: seed), "\(exploration.name)")
    }
  }

  /// What the workshop's own file gives.
  private func local(_ name: String, _ files: [String], seed: Int) throws -> String {
    let text = try String(
      contentsOfFile: "\(TestTools.root)/Workshops/Propensity/Scripts/\(name).sql", encoding: .utf8)
    let parameters: [String: any ScriptParameter] =
      switch name {
      case "samples": ["tenant": "acme", "seed": seed, "count": 10]
      case "sampling": ["seed": seed, "percent": 5]
      default: ["tenant": "acme"]
      }
    let orders = [
      "samples": ["_id"], "funnel": ["distinctUsers desc", "eventType"],
      "cooccurrence": ["eventTypeFirst", "eventTypeLater"], "correlation": ["eventType"],
    ]
    let step = RunSQL(
      Script(name: "\(name).sql", text: text),
      arguments: try ScriptArguments(
        inputs: ["events": [Artifact<EventTable>](repeating: .test, count: files.count).files],
        parameters: parameters.mapValues(\.scriptValue), reserved: RunSQL.reserved),
      orderedBy: ["table": orders[name] ?? []],
      outputs: try Outputs([ArtifactDescription(name: "table", format: Statistics.self)]))
    let inputs = Dictionary(
      uniqueKeysWithValues: files.enumerated().map { ("events.\($0)", $1) })
    return try StepHarness.run(step, inputs: inputs).text("table")
  }
}
