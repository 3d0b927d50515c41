// What AWS says that something cost: GetCostAndUsage of Cost Explorer. It decides nothing.
import AWS
import Content

/// A thin client of Cost Explorer; every call blocks and throws as `ServiceClient.send` does.
package struct CostExplorer: Sendable {
  private let service: ServiceClient

  package init(_ service: ServiceClient) { self.service = service }

  /// What a service of AWS cost.
  package struct Amount: Hashable, Sendable {
    package let service: String
    package let amount: Double
    package let unit: String
  }

  /// The amortized costs of the days from one to before another, by service, of all that has the tags.
  ///
  /// Days are `2026-11-30`. A tag counts only where it was activated for cost allocation.
  package func costs(
    from start: String, to end: String, tags: [String: String]
  ) throws -> [Amount] {
    var request: [String: JSONValue] = [
      "TimePeriod": ["Start": .string(start), "End": .string(end)], "Granularity": "DAILY",
      "Metrics": ["AmortizedCost"], "GroupBy": [["Type": "DIMENSION", "Key": "SERVICE"]],
    ]
    let filters = tags.sorted { $0.key < $1.key }.map { key, value -> JSONValue in
      ["Tags": ["Key": .string(key), "Values": [.string(value)], "MatchOptions": ["EQUALS"]]]
    }
    if filters.count == 1 { request["Filter"] = filters[0] }
    if filters.count > 1 { request["Filter"] = ["And": .array(filters)] }
    let days = try service.pages(
      "AWSInsightsIndexService.GetCostAndUsage", "ResultsByTime", request, token: "NextPageToken",
      most: 100_000)
    var sums: [String: (amount: Double, unit: String)] = [:]
    for group in days.flatMap({ $0["Groups"]?.array ?? [] }) {
      let cost = group["Metrics"]?["AmortizedCost"]
      guard let name = group["Keys"]?.array?.first?.string,
        let amount = cost?["Amount"]?.string.flatMap(Double.init), amount.isFinite
      else { continue }
      sums[name, default: (0, cost?["Unit"]?.string ?? "USD")].amount += amount
    }
    return sums.map { Amount(service: $0.key, amount: $0.value.amount, unit: $0.value.unit) }
      .sorted { ($0.amount, $1.service) > ($1.amount, $0.service) }
  }
}
