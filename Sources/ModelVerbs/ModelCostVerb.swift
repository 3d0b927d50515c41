// `atelier model cost`: seconds, bytes and prices of runs, and what hits saved.
import AWS
import CommandLine
import Content
import Costs
import ModelSessions
import Planning
import Project
import Terminal
import Workflows

struct ModelCost: Verb {
  let name = "cost"
  let summary = "what runs cost, by project, cost center, workshop or step"
  let details = """
    Sums over run records. A step that was cached costs nothing and shows the seconds that it saved; a
    run in which everything was cached leaves no record and is not counted. Steps on machines of SageMaker
    have a price by one table (\(Prices.source)); a machine that is not in it is named. --aws adds what Cost
    Explorer says of all with the tags of [AWS] tags: it knows a tag only once it was activated for cost
    allocation, and up to 24 hours later.
    """
  let examples = [
    Example("atelier model cost --by step --days 30", "the most expensive steps of a month"),
    Example("atelier model cost --by cost-center --json", "for a script"),
  ]
  let grouping = Option(
    "by", value: "WHAT", completion: .words(CostGrouping.allCases.map(\.rawValue)),
    "project, cost-center, workshop (default) or step"
  ) { text in
    guard let grouping = CostGrouping(rawValue: text) else {
      throw UsageError(
        "--by takes \(CostGrouping.allCases.map(\.rawValue).joined(separator: ", ")), not '\(text)'"
      )
    }
    return grouping
  }
  let days = Option("days", in: 1...36_500, "days until now that count (default: all)")
  let aws = Flag("aws", "add the figures of AWS Cost Explorer; each request costs 0.01 dollars")
  let json = Shared.json

  var parameters: [any Parameter] { [grouping, days, aws, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try ModelCall.run(call, context, changes: false) { opened in
      let now = Timestamp.now()
      let since = call[days].map { now.milliseconds - Int64($0) * 86_400_000 }
      var report = CostReport(by: call[grouping] ?? .workshop)
      let catalogue = RunCatalogue(
        store: opened.store, shared: opened.shared, workshop: opened.session.workshop.name)
      for id in try catalogue.names() {
        if let since, let start = id.startedAt, start.milliseconds < since { break }
        guard let record = try catalogue.read(id),
          call.workshop.map({ $0 == record.workshop }) ?? true
        else { continue }
        report.add(record.json)
      }
      try show(report, call[json], context.output)
      if call[aws] { try showAWS(opened, now, days: call[days] ?? 30, call[json], context.output) }
      return ExitCode.success
    }
  }

  private func show(_ report: CostReport, _ isJSON: Bool, _ output: Console) throws {
    if isJSON {
      for row in report.sorted + [report.total] {
        var members = row.json.object ?? [:]
        members["v"] = 1
        members["event"] = .string(row.name == "total" ? "total" : "cost")
        if row.name == "total" {
          members["prices"] = .string(Prices.source)
          members["unpriced"] = .object(report.unpriced.mapValues(JSONValue.number))
        }
        try output.data(JSONValue.object(members).canonicalText() + "\n")
      }
      return
    }
    let rows = report.sorted + [report.total]
    let table = Table(
      columns: ["name", "ran", "seconds", "bytes", "billed s", "USD", "cached", "saved s"],
      rows: rows.map { row in
        [
          row.name, String(row.ran), Text.fixed(row.seconds, 1), String(row.bytes),
          Text.fixed(row.billed, 1), Text.fixed(row.price, 4), String(row.hits),
          Text.fixed(row.saved, 1),
        ]
      })
    try output.data(table.text(limit: rows.count, width: output.width))
    output.message("\(Text.count(report.runs, "recorded run")); prices: \(Prices.source)")
    for (machine, seconds) in report.unpriced.sorted(by: { $0.key < $1.key }) {
      output.message(
        "the price of \(machine) is not known: \(Text.fixed(seconds, 1)) s of it are not in USD")
    }
  }

  private func showAWS(
    _ opened: ModelCall, _ now: Timestamp, days: Int, _ isJSON: Bool, _ output: Console
  ) throws {
    let tags = try opened.session.resourceTags().values
    let start = Timestamp(milliseconds: now.milliseconds - Int64(days) * 86_400_000)
    let clients = try opened.session.serviceClients(
      region: "us-east-1", isCancelled: { [signals = opened.signals] in signals.token.isCancelled })
    let explorer = CostExplorer(try clients.client("ce", id: "cost explorer"))
    let amounts = try asking("Cost Explorer") {
      try explorer.costs(
        from: String(start.iso8601.prefix(10)), to: String(now.iso8601.prefix(10)), tags: tags)
    }
    let filter =
      tags.isEmpty
      ? "without a filter"
      : "of "
        + tags.sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    for amount in amounts {
      if isJSON {
        let line: JSONValue = [
          "v": 1, "event": "aws", "service": .string(amount.service),
          "amount": .number(amount.amount), "unit": .string(amount.unit),
        ]
        try output.data(line.canonicalText() + "\n")
      } else {
        try output.data(
          "AWS  \(Text.pad(amount.service, 40)) \(Text.fixed(amount.amount, 2)) \(amount.unit)\n")
      }
    }
    output.message(
      "AWS Cost Explorer, \(days) days, \(filter): \(Text.count(amounts.count, "service")); tags count once "
        + "they are activated for cost allocation, up to 24 hours later")
  }
}
