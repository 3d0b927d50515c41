// The texts that go to the platform, as golden files, and what cannot stand in them.
import AtelierStep
import AtelierTesting
import Featurize
import Foundation
import Testing

@testable import PlatformQueries

@Suite struct QueryTextTests {
  /// ATELIER_WRITE_GOLDEN=1 writes the files anew.
  private func expectGolden(_ name: String, _ text: String) throws {
    let path = "\(TestTools.root)/Tests/QueryServiceTests/Golden/\(name).sql"
    if ProcessInfo.processInfo.environment["ATELIER_WRITE_GOLDEN"] == "1" {
      try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path))
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text + "\n", "\(name)")
  }

  private func selection(
    _ rows: EventSelection.Rows = .batches(["01HB", "01HA"]), bucket: EventSelection.Bucket? = nil
  ) throws -> EventSelection {
    try EventSelection(table: "cmle_events", tenant: "acme", rows: rows, bucket: bucket)
  }

  @Test func tablesAreCreatedByOneStatement() throws {
    let name = "atelier_0123456789abcdef"
    for (file, rule) in [
      ("event", RowRule.event(gap: 0)), ("gap", .event(gap: 3600)), ("latest", .latest),
      ("forecast", .forecast(date: "2024-05-17", days: 7)),
    ] {
      try expectGolden(
        "create-\(file)",
        FeatureQuery(selection(), seed: 1, rows: rule).creating(table: name))
    }
    try expectGolden(
      "create-bucket",
      FeatureQuery(selection(bucket: .init(1, of: 3)), seed: 1, rows: .event(gap: 0))
        .creating(table: name))
    try expectGolden(
      "create-snapshots",
      FeatureQuery(
        selection(.snapshots(after: nil, upTo: "5758568790749669177")), seed: 1,
        rows: .event(gap: 0)
      ).creating(table: name))
  }

  @Test("trap 0.8: no handler hides a failure, nothing is drawn anew")
  func theTextsAreRepeatable() throws {
    for rule in [RowRule.event(gap: 0), .latest, .forecast(date: "2024-05-17", days: 7)] {
      let text = try FeatureQuery(selection(), seed: 1, rows: rule).creating(table: "t")
        .lowercased()
      for word in [
        "exception", "randn", "rand(", "begin", "histogram", "now(", "current_", "limit", ";",
      ] {
        #expect(!text.contains(word), "\(word)")
      }
    }
  }

  @Test func explorationsAreGolden() throws {
    for exploration in try Exploration.all(selection(), seed: 1) {
      try expectGolden("explore-\(exploration.name)", exploration.query)
      try expectGolden("finish-\(exploration.name)", exploration.finish)
      // All but counts of one row have a total order, and no wire has a floating-point number.
      #expect(
        exploration.query.contains("ORDER BY")
          || ["statistics", "sampling"].contains(exploration.name))
      #expect(!exploration.columns.contains { $0.type == "DOUBLE" })
    }
    try expectGolden("snapshots", ObservationQuery.snapshots(of: "cmle_events"))
  }

  @Test func equalSelectionsHaveEqualTexts() throws {
    let one = try FeatureQuery(
      selection(.batches(["b", "a", "b"])), seed: 1, rows: .latest)
    let other = try FeatureQuery(selection(.batches(["a", "b"])), seed: 1, rows: .latest)
    #expect(one.text == other.text)
  }

  @Test func whatCannotStandInSQLIsRejected() throws {
    for table in ["", "a-b", "a'b", "a;b", "a b", String(repeating: "a", count: 256), "ä"] {
      #expect(throws: StepFailure.self, "\(table)") {
        try EventSelection(table: table, tenant: "acme", rows: .batches(["a"]))
      }
      #expect(throws: StepFailure.self) {
        try FeatureQuery(selection(), seed: 1, rows: .latest).creating(table: table)
      }
    }
    for rows in [
      EventSelection.Rows.batches([]), .batches(["a'"]), .batches(["a\\"]),
      .snapshots(after: "HEAD", upTo: "1"), .snapshots(after: nil, upTo: "1 OR 1"),
      .snapshots(after: nil, upTo: "123456789012345678901"),
    ] {
      #expect(throws: StepFailure.self, "\(rows)") { try selection(rows) }
    }
    #expect(throws: StepFailure.self) { try EventSelection.Bucket(3, of: 3) }
    #expect(throws: StepFailure.self) { try EventSelection.Bucket(0, of: 0) }
    #expect(throws: StepFailure.self) {
      try FeatureQuery(
        selection(), features: [Feature("a, b", .count(of: .emailSent))], seed: 1, rows: .latest)
    }
    #expect(throws: StepFailure.self) {
      try Exploration.sampling(selection(), seed: 1, percent: 100)
    }
    #expect(throws: StepFailure.self) { try Exploration.samples(selection(), seed: 1, count: 0) }
  }
}
