// Sums over run records, by hand.
import Content
import Costs
import Testing

@Suite struct CostReportTests {
  private static let key = "sha256:" + String(repeating: "ab", count: 32)

  private static func record(
    _ workshop: String, _ labels: JSONValue?, _ steps: [String: JSONValue]
  ) -> JSONValue {
    var record: [String: JSONValue] = ["workshop": .string(workshop), "steps": .object(steps)]
    record["labels"] = labels
    return .object(record)
  }

  private static func step(
    _ status: String, _ seconds: Double, size: Int64 = 0, instance: String? = nil,
    billed: Double? = nil
  ) -> JSONValue {
    var step: [String: JSONValue] = [
      "status": .string(status), "seconds": .number(seconds), "key": .string(key),
      "outputs": ["out": ["size": .integer(size), "digest": .string(key)]],
    ]
    step["instance"] = instance.map { .string($0) }
    step["billedSeconds"] = billed.map { .number($0) }
    return .object(step)
  }

  private static let records = [
    record(
      "churn", ["project": "p", "CostCenter": "7"],
      [
        "a": step("built", 3600, size: 10, instance: "ml.m5.large"),
        "b": step("built", 5, size: 1, instance: "ml.m5.xlarge", billed: 7200),
        "c": step("hit", 100), "d": step("failed", 36, instance: "ml.m5.large"),
        "e": ["status": "delivered", "seconds": 1],
      ]),
    record(
      "churn", nil,
      [
        "a": step("hit", 3600), "f": step("built", 2),
        "g": step("built", 9, instance: "ml.x9.huge"),
      ]
    ),
    record(
      "retail", ["CostCenter": "7"], ["h": step("skipped", 5), "i": step("built", .infinity)]),
  ]

  private func report(_ grouping: CostGrouping) -> CostReport {
    var report = CostReport(by: grouping)
    for record in Self.records { report.add(record) }
    return report
  }

  @Test func hitsCostNothingAndShowWhatTheySaved() throws {
    let report = report(.workshop)
    #expect(report.runs == 3)
    let churn = try #require(report.sorted.first { $0.name == "churn" })
    #expect(churn.ran == 5 && churn.hits == 2 && churn.saved == 3700)
    #expect(churn.seconds == 3600 + 5 + 36 + 2 + 9 && churn.bytes == 11)
    #expect(churn.billed == 3600 + 7200 + 36 + 9)
    // 1.01 hours at 0.115, and 2 hours at 0.23.
    #expect((churn.price - (1.01 * 0.115 + 2 * 0.23)).magnitude < 1e-9)
    #expect(report.unpriced == ["ml.x9.huge": 9])
    #expect(report.total.price == churn.price && report.total.hits == 2)
  }

  @Test func costsAreByProjectCostCenterAndStep() throws {
    #expect(report(.project).sorted.map(\.name) == ["p", CostReport.none])
    #expect(report(.costCenter).sorted.map(\.name) == ["7", CostReport.none])
    let steps = report(.step).sorted
    #expect(steps.first?.name == "churn/b", "the most expensive first")
    #expect(steps.first { $0.name == "churn/a" }?.hits == 1)
    for grouping in CostGrouping.allCases {
      #expect(report(grouping).total.seconds == report(.workshop).total.seconds)
    }
  }

  @Test func pricesAreThoseOfTheTable() throws {
    for (name, price) in Prices.hourly {
      #expect(name.hasPrefix("ml.") && price > 0 && price < 100)
      let hour = try #require(Prices.cost(seconds: 3600, on: name))
      #expect(abs(hour - price) < 1e-9)
    }
    #expect(Prices.cost(seconds: 1, on: "ml.none") == nil)
  }
}
