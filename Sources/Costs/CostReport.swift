// What runs cost, by project, cost centre, workshop or step: sums over run records. It reads no store.
import Content

/// By what costs are put together.
package enum CostGrouping: String, CaseIterable, Sendable {
  case project, workshop, step
  case costCenter = "cost-center"
}

/// What some steps cost.
package struct CostRow: Hashable, Sendable {
  package let name: String
  /// Steps that ran.
  package var ran = 0
  /// Seconds of steps that ran, wherever.
  package var seconds = 0.0
  /// Bytes of their outputs.
  package var bytes: Int64 = 0
  /// Seconds of machines that are paid for.
  package var billed = 0.0
  /// US dollars, of those machines whose price is known.
  package var price = 0.0
  /// Steps that were hits.
  package var hits = 0
  /// Seconds that their results took when they were made, and that nobody had to spend again.
  package var saved = 0.0

  /// No costs yet.
  init(name: String) { self.name = name }

  package var json: JSONValue {
    [
      "name": .string(name), "ran": .integer(Int64(ran)), "seconds": .number(rounded(seconds)),
      "bytes": .integer(bytes), "billedSeconds": .number(rounded(billed)),
      "dollars": .number((price * 1e6).rounded() / 1e6), "hits": .integer(Int64(hits)),
      "savedSeconds": .number(rounded(saved)),
    ]
  }

  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

/// Sums over run records.
package struct CostReport: Sendable {
  /// What stands for a project or cost centre that a record does not name.
  package static let none = "(none)"

  private let grouping: CostGrouping
  private var rows: [String: CostRow] = [:]
  /// Machines whose price is not known, with their seconds.
  package private(set) var unpriced: [String: Double] = [:]
  package private(set) var runs = 0

  /// An empty report.
  package init(by grouping: CostGrouping) { self.grouping = grouping }

  /// The rows, the most expensive first, then by time and name.
  package var sorted: [CostRow] {
    rows.values.sorted { ($0.price, $0.seconds, $1.name) > ($1.price, $1.seconds, $0.name) }
  }

  /// All of it together.
  package var total: CostRow {
    rows.values.reduce(into: CostRow(name: "total")) { total, row in
      total.ran += row.ran
      total.seconds += row.seconds
      total.bytes = total.bytes.addingSaturated(row.bytes)
      total.billed += row.billed
      total.price += row.price
      total.hits += row.hits
      total.saved += row.saved
    }
  }

  /// Adds a run record.
  ///
  /// A step that ran on a machine that is paid for (`instance`, with `billedSeconds` where a service said
  /// so) has its price; one on this machine has its seconds alone. Steps that failed were paid for, too.
  package mutating func add(_ record: JSONValue) {
    let workshop = record["workshop"]?.string ?? "?"
    let labels = record["labels"]
    runs += 1
    for (step, json) in record["steps"]?.object ?? [:] {
      guard json["key"]?.string != nil, let seconds = json["seconds"]?.number, seconds >= 0,
        seconds.isFinite
      else { continue }
      let name: String =
        switch grouping {
        case .project: labels?["project"]?.string ?? Self.none
        case .costCenter: labels?["CostCenter"]?.string ?? Self.none
        case .workshop: workshop
        case .step: "\(workshop)/\(step)"
        }
      var row = rows[name] ?? CostRow(name: name)
      switch json["status"]?.string {
      case "hit":
        row.hits += 1
        row.saved += seconds
      case "built", "failed": add(json, seconds, to: &row)
      default: continue
      }
      rows[name] = row
    }
  }

  private mutating func add(_ step: JSONValue, _ seconds: Double, to row: inout CostRow) {
    row.ran += 1
    row.seconds += seconds
    for output in (step["outputs"]?.object ?? [:]).values {
      row.bytes = row.bytes.addingSaturated(max(0, output["size"]?.integer ?? 0))
    }
    guard let instance = step["instance"]?.string else { return }
    let told = step["billedSeconds"]?.number ?? seconds
    let billed = told >= 0 && told.isFinite ? told : seconds
    row.billed += billed
    if let price = Prices.cost(seconds: billed, on: instance) {
      row.price += price
    } else {
      unpriced[instance, default: 0] += billed
    }
  }
}
