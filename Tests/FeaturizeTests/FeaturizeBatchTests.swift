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
