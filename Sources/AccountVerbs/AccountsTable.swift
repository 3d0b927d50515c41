// Plans and states of accounts as tables and JSON.
import AccountDeployment
import CommandLine
import Content
import Terminal

enum AccountsTable {
  /// What is to be done with each stack.
  static func show(_ plan: [PlannedStack], isJSON: Bool, _ output: Console) throws {
    try print(plan, isJSON: isJSON, output, last: "action") { $0.intent.rawValue }
  }

  /// What each stack is.
  static func status(_ plan: [PlannedStack], isJSON: Bool, _ output: Console) throws {
    try print(plan, isJSON: isJSON, output, last: "status") { planned in
      switch planned.intent {
      case .create: "missing"
      case .keep: planned.present?.status ?? ""
      case .adopt: "\(planned.present?.status ?? "") (not ours)"
      case .update: "\(planned.present?.status ?? "") (out of date)"
      case .resume: "\(planned.present?.status ?? "") (incomplete)"
      }
    }
  }

  /// The changes that a person is asked about.
  static func propose(_ plan: [PlannedStack], _ output: Console) {
    output.message("to do, in this order:")
    output.message(String(table(plan, last: "action") { $0.intent.rawValue }.dropLast()))
  }

  private static func print(
    _ plan: [PlannedStack], isJSON: Bool, _ output: Console, last: String,
    _ text: (PlannedStack) -> String
  ) throws {
    guard isJSON else { return try output.data(table(plan, last: last, text)) }
    for planned in plan {
      let line: JSONValue = [
        "v": 1, "event": "account-stack", "account": .string(planned.account.account.label),
        "for": .array(planned.account.uses.map { .string($0.name) }),
        "stack": .string(planned.stack.name), "kind": .string(planned.stack.kind.rawValue),
        "action": .string(planned.intent.rawValue),
        "status": .string(planned.present?.status ?? ""),
      ]
      try output.data(line.canonicalText() + "\n")
    }
  }

  private static func table(
    _ plan: [PlannedStack], last: String, _ text: (PlannedStack) -> String
  ) -> String {
    Table(
      columns: ["account", "for", "stack", last],
      rows: plan.map {
        [$0.account.account.label, $0.account.name, $0.stack.name, text($0)]
      }
    ).text(limit: .max)
  }
}
