// Labels and features of batches, against a brute force and by hand.
import AtelierStep
import AtelierTesting
import DuckDB
import Featurize
import PropensityFormats
import Testing

/// Runs the step and reads its rows; the timestamp comes in microseconds.
private func featurize(
  _ tables: Tables, _ events: String, seed: Int = 7, tenant: String = "acme"
) throws -> (rows: [String], digest: String) {
  let result = try StepHarness.run(
    FeaturizeBatch(events: .test, seed: seed, tenant: tenant), inputs: ["events": events])
  let part = result.outputs["part"] ?? ""
  let rows = try tables.rows(
    "SELECT * REPLACE (epoch_us(timestamp) AS timestamp) FROM read_parquet(getvariable('part'));",
    ["part": .text(part)])
  return (rows, try digest(part))
}

private func lots(_ tables: Tables, _ events: String, seed: Int) throws -> [String: String] {
  let rows = try tables.rows(
    """
    SELECT _id, md5(getvariable('seed') || _acme.cmle_id || _id)
    FROM read_parquet(getvariable('events')) WHERE _acme.cmle_id IS NOT NULL;
    """, ["seed": .text("\(seed)"), "events": .text(events)])
  return Dictionary(
    uniqueKeysWithValues: rows.map { row in
      let fields = row.split(separator: ",").map(String.init)
      return (fields[0], fields[1])
    })
}

@Suite struct FeaturizeBatchTests {
  @Test(arguments: [(1, 7), (2, 7), (3, 42)] as [(UInt64, Int)])
  func everyRowIsThatOfTheBruteForce(generator: UInt64, seed: Int) throws {
    let tables = try Tables()
    let events = Event.random(seed: generator, users: 120)
    let file = try tables.events("events", events)
    let expected = BruteForce(lots: try lots(tables, file, seed: seed)).rows(events)
    #expect(expected.count == Set(events.compactMap(\.user)).count)
    #expect(expected.contains { $0.contains("web.formFilledOut") })
    #expect(try featurize(tables, file, seed: seed).rows == expected)
  }

  @Test func minutesAreWholeAndCountFromTheLastSuchEvent() throws {
    let tables = try Tables()
    let second: Int64 = 1_000_000
    func event(_ id: String, _ type: String, _ time: Int64) -> Event {
      Event(id: id, type: type, time: time, user: "u")
    }
    let file = try tables.events(
      "events",
      [
        event("a", "directMarketing.emailSent", 0),
        event("b", "directMarketing.emailSent", 10 * second),
        event("c", "directMarketing.emailOpened", 10 * second + 1),
        event("d", "commerce.productViews", 70 * second),
        event("e", "web.formFilledOut", 70 * second),
        // Equal in time but later by id, and a second subscription: neither counts.
        event("f", "commerce.productViews", 70 * second),
        event("g", "web.formFilledOut", 300 * second),
      ])
    let row = try #require(try featurize(tables, file).rows.first)
    let fields = row.split(separator: ",").map(String.init)
    #expect(fields[0..<4] == ["u", "web.formFilledOut", "70000000", "true"])
    #expect(fields[4..<11] == ["2", "1", "0", "1", "0", "0", "0"])
    // 60 s are one minute, 59.999999 s are none.
    #expect(fields[11..<18] == ["1", "0", "NULL", "0", "NULL", "NULL", "NULL"])
  }

  @Test func aBatchDoesNotDependOnOthers() throws {
    let tables = try Tables()
    let first = Event.random(seed: 1, users: 40)
    let second = Event.random(seed: 2, users: 40)
    let alone = try featurize(tables, tables.events("first", first)).rows
    let other = try featurize(tables, tables.events("second", second)).rows
    let both = try featurize(tables, tables.events("both", first + second)).rows
    #expect(alone + other == both)
  }

  @Test func theSeedDecidesTheRowOfNegativeUsersOnly() throws {
    let tables = try Tables()
    let file = try tables.events("events", Event.random(seed: 1, users: 60))
    let one = try featurize(tables, file, seed: 1).rows
    let two = try featurize(tables, file, seed: 2).rows
    // All but the number in the draw.
    func positives(_ rows: [String]) -> [Substring] {
      rows.filter { $0.contains(",true,") }.map { $0[..<($0.lastIndex(of: ",") ?? $0.endIndex)] }
    }
    #expect(positives(one).isEmpty == false)
    #expect(positives(one) == positives(two))
    #expect(one != two)
  }

  @Test func theBytesAreThoseThatWerePromised() throws {
    let tables = try Tables()
    let file = try tables.events("events", Event.random(seed: 1, users: 30))
    let digest = try featurize(tables, file).digest
    #expect(
      digest == "sha256:3bd9cd9ea98592557857dfec323b998953c39b52cefece6e865bf43223c11d60")
  }

  @Test func theTableHasTheColumnsOfItsFormat() throws {
    let tables = try Tables()
    let file = try tables.events("events", [], tenant: "other")
    let result = try StepHarness.run(
      FeaturizeBatch(events: .test, seed: 7, tenant: "other"), inputs: ["events": file])
    let columns = try tables.rows(
      "SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet(getvariable('part')));",
      ["part": .text(result.outputs["part"] ?? "")])
    let expected = FeatureTable.columns(features: Feature.propensity.map(\.name))
    #expect(columns == expected.map { "\($0.name),\($0.type)" })
  }

  @Test func aFailureNamesTheMissingColumn() throws {
    let tables = try Tables()
    let file = try tables.events("events", [], tenant: "acme")
    #expect {
      try StepHarness.run(
        FeaturizeBatch(events: .test, seed: 7, tenant: "other"), inputs: ["events": file])
    } throws: {
      "\($0)".contains("_other")
    }
  }
}

/// Rows at other moments than the notebooks': before the row, at the last event, at one day.
@Suite struct RowRuleTests {
  private let tables: Tables
  private static let second: Int64 = 1_000_000
  /// 2026-01-10.
  private static let day: Int64 = 1_768_003_200 * second

  init() throws { tables = try Tables() }

  /// `later` are events of another batch.
  private func featurize(
    _ events: [Event], _ rows: RowRule, later: [Event] = []
  ) throws -> [[String]] {
    let file = try tables.events("events", events)
    let newest = try StepHarness.run(
      FindNewestEvent(events: [.test, .test], tenant: "acme"),
      inputs: ["events.0": file, "events.1": try tables.events("later", later)])
    let result = try StepHarness.run(
      FeaturizeBatch(events: .test, seed: 7, tenant: "acme", rows: rows, newest: [.test]),
      inputs: ["events": file, "newest.0": newest.outputs["newest"] ?? ""])
    return try tables.rows(
      "SELECT * REPLACE (epoch_us(timestamp) AS timestamp) FROM read_parquet(getvariable('part'));",
      ["part": .text(result.outputs["part"] ?? "")]
    ).map { $0.split(separator: ",").map(String.init) }
  }

  private func event(_ id: String, _ type: String, _ time: Int64, _ user: String = "u") -> Event {
    Event(id: id, type: type, time: time, user: user)
  }

  /// Mail at 0 and 50 s, a click at 60 s, the subscription at 120 s.
  private var story: [Event] {
    [
      event("a", "directMarketing.emailSent", 0),
      event("b", "directMarketing.emailSent", 50 * Self.second),
      event("c", "web.webinteraction.linkClicks", 60 * Self.second),
      event("d", "web.formFilledOut", 120 * Self.second),
    ]
  }

  @Test(
    "data 4, steps 3.7b: with a gap, features know what was known so many seconds before the row",
    arguments: [
      (0, "2", "1", "1", "1"), (1, "2", "1", "1", "0"), (60, "2", "1", "0", "0"),
      (61, "2", "0", "0", "NULL"), (71, "1", "0", "0", "NULL"), (121, "0", "0", "NULL", "NULL"),
    ])
  func gap(gap: Int, mails: String, clicks: String, sinceMail: String, sinceClick: String) throws {
    let row = try #require(try featurize(story, .event(gap: gap)).first)
    #expect(row[0...3] == ["u", "web.formFilledOut", "120000000", "true"])
    #expect(row[4] == mails && row[10] == clicks)
    #expect(row[11] == sinceMail && row[17] == sinceClick)
  }

  @Test("data 4: a gap of nothing is the notebooks' rule")
  func noGap() throws {
    let events = Event.random(seed: 4, users: 50)
    let file = try tables.events("random", events)
    let expected = BruteForce(lots: try lots(tables, file, seed: 7)).rows(events)
    #expect(try featurize(events, .event(gap: 0)).map { $0.joined(separator: ",") } == expected)
    #expect(
      try featurize(events, .event(gap: 1)).map { $0.joined(separator: ",") } != expected)
  }

  @Test("data D5: the latest state is that of a user's last event, subscribed or not")
  func latest() throws {
    let later = story + [event("e", "directMarketing.emailOpened", 500 * Self.second)]
    let row = try #require(try featurize(later, .latest).first)
    #expect(row[0...3] == ["u", "directMarketing.emailOpened", "500000000", "true"])
    #expect(row[4...5] == ["2", "1"] && row[11...12] == ["7", "0"])
  }

  @Test("data 4: a forecast takes everybody at one day and leaves earlier subscribers out")
  func forecast() throws {
    let (day, hour) = (Self.day, 3600 * Self.second)
    let events = [
      // Subscribes within the seven days.
      event("a1", "directMarketing.emailSent", day - 2 * hour, "ann"),
      event("a2", "web.formFilledOut", day + 24 * hour, "ann"),
      // At the very beginning, and at the very end, which is outside.
      event("b1", "commerce.productViews", day - hour, "bob"),
      event("b2", "web.formFilledOut", day, "bob"),
      event("c1", "commerce.productViews", day - hour, "cid"),
      event("c2", "web.formFilledOut", day + 7 * 24 * hour, "cid"),
      // Before: left out, even who subscribes again.
      event("d1", "web.formFilledOut", day - hour, "dan"),
      event("d2", "web.formFilledOut", day + hour, "dan"),
      // Nothing is known of eve yet.
      event("e1", "directMarketing.emailSent", day + hour, "eve"),
      // What comes after the day counts for no feature.
      event("f1", "directMarketing.emailSent", day - 3 * hour, "flo"),
      event("f2", "directMarketing.emailSent", day + hour, "flo"),
    ]
    let rows = try featurize(events, .forecast(date: "2026-01-10", days: 7))
    #expect(rows.map { $0[0] } == ["ann", "bob", "cid", "flo"])
    #expect(rows.map { $0[3] } == ["true", "true", "false", "false"])
    #expect(rows.allSatisfy { $0[2] == "\(day)" })
    #expect(rows[0][1] == "directMarketing.emailSent" && rows[0][11] == "120")
    #expect(rows[3][4] == "1" && rows[3][11] == "180" && rows[3][18] == "1")
  }

  @Test("data 4: a label that nobody can know yet is refused")
  func tooEarly() throws {
    let events = [event("a", "directMarketing.emailSent", Self.day)]
    let said = stepFailure { try featurize(events, .forecast(date: "2026-01-09", days: 7)) }
    #expect(
      said?.contains(
        "the newest event is of 2026-01-10 00:00:00, and the label of a forecast from 2026-01-09 "
          + "00:00:00 is known on 2026-01-16 00:00:00 only; choose an earlier forecast_date")
        == true,
      "\(said ?? "")")
    // What another batch knows counts: this one's users had no more events.
    let later = [event("b", "directMarketing.emailSent", Self.day + 7 * 86400 * Self.second, "v")]
    #expect(
      try featurize(
        [event("a", "directMarketing.emailSent", Self.day - 1)],
        .forecast(date: "2026-01-10", days: 7), later: later
      ).map { $0[0] } == ["u"])
    #expect(
      stepFailure {
        try StepHarness.run(
          FeaturizeBatch(
            events: .test, seed: 7, tenant: "acme", rows: .forecast(date: "2026-01-10", days: 7)),
          inputs: ["events": tables.events("alone", events)])
      }?.hasPrefix("a forecast needs to know how far events go") == true)
    for rule in [
      RowRule.event(gap: -1), .forecast(date: "2026-02-29", days: 7),
      .forecast(date: "2026-1-9", days: 7), .forecast(date: "2026-01-09", days: 0),
    ] {
      #expect(stepFailure { try rule.check() } != nil)
    }
    try RowRule.forecast(date: "2024-02-29", days: 7).check()
  }

  @Test("steps 3.5: a fifteenth feature is one edit of the list, in both renderings")
  func aFifteenthFeature() throws {
    let features = Feature.propensity + [Feature("mailsToday", .count(of: .emailSent))]
    let result = try StepHarness.run(
      FeaturizeBatch(events: .test, seed: 7, tenant: "acme", features: features),
      inputs: ["events": try tables.events("events", story)])
    let rows = try tables.rows(
      "SELECT mailsToday FROM read_parquet(getvariable('part'));",
      ["part": .text(result.outputs["part"] ?? "")])
    #expect(rows == ["2"])
    let template = QueryServiceSQL(features: features, tenant: "a", dataset: "d", seed: 1).text
    #expect(template.contains("AS mailsToday"))
  }
}
