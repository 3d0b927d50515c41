// Drift between the parts of an export, against a population stability index by hand.
import AtelierTesting
import Foundation
import Testing

@testable import Train

@Suite struct MeasureDriftTests {
  private func drift(_ fixture: Fixture, scores: String, format: String = "parquet") throws
    -> [[String]]
  {
    let path = try fixture.space.write("scores.csv", scores)
    let result = try StepHarness.run(
      MeasureDrift(export: .test, scores: .test, dataFormat: format, features: Fixture.features),
      inputs: ["export": fixture.export, "scores": path])
    return try result.text("drift").split(separator: "\n").map {
      $0.split(separator: ",").map(String.init)
    }
  }

  /// Scores of all users: 0.1 in part 0, and in part 1 as it is given.
  private func scores(_ fixture: Fixture, other: (Int) -> String) -> String {
    "userId,prediction\n"
      + (0..<1000).map { index in
        let digits = String(index * 7919 % 99991)
        let user = String(repeating: "1", count: 38 - digits.count) + digits
        return "\(user),\(index % 2 == 0 ? "0.\(index % 9 + 1)" : other(index))\n"
      }.joined()
  }

  @Test(
    "data 4: equal parts do not drift, a moved feature and a moved score are flagged",
    arguments: [
      "parquet", "csv",
    ])
  func drift(format: String) throws {
    let calm = try Fixture(format: format)
    let rows = try drift(calm, scores: scores(calm) { "0.\($0 % 9 + 1)" }, format: format)
    #expect(rows[0] == ["part", "column", "psi", "flagged"])
    #expect(rows.count == 1 + 2 * 16)
    #expect(
      rows.dropFirst().prefix(16).map { $0[1] } == Fixture.features + [
        "subscriptionOccurred", "prediction",
      ])
    #expect(rows.dropFirst().allSatisfy { $0[3] == "false" && (Double($0[2]) ?? 9) < 0.1 })
    let moved = try Fixture(
      format: format,
      change: "UPDATE users SET emailsClicked = emailsClicked + 2 WHERE part % 2 = 1;")
    let flagged = try drift(moved, scores: scores(moved) { _ in "0.95" }, format: format)
      .filter { $0[3] == "true" }
    #expect(Set(flagged.map { $0[1] }) == ["emailsClicked", "prediction"])
    #expect(Set(flagged.map { $0[0] }) == ["part-00000", "part-00001"])
  }

  @Test("data 4: the index is the sum over tenths and nulls of (a - b) ln(a / b)")
  func index() throws {
    // Two values and nulls: part 0 has 250, 125, 125 of 500, part 1 has 100, 300, 100.
    let fixture = try Fixture(
      change: """
        UPDATE users SET emailsReceived = CASE
          WHEN part % 2 = 0 THEN CASE WHEN part < 500 THEN 1 WHEN part < 750 THEN 2 END
          ELSE CASE WHEN part < 200 THEN 1 WHEN part < 800 THEN 2 END END;
        """)
    let rows = try drift(fixture, scores: scores(fixture) { _ in "0.5" })
    let psi = zip([0.5, 0.25, 0.25], [0.2, 0.6, 0.2]).reduce(0) {
      $0 + ($1.0 - $1.1) * log($1.0 / $1.1)
    }
    let found = rows.filter { $0[1] == "emailsReceived" }.compactMap { Double($0[2]) }
    #expect(found.count == 2 && found.allSatisfy { abs($0 - psi) < 1e-6 })
  }

  @Test func onePartHasNothingToCompareWith() throws {
    let one = try Fixture(parts: 1)
    #expect(try drift(one, scores: scores(one) { _ in "0.5" }).count == 1)
  }
}
