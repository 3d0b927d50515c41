// Executions, states and events as tables and as JSON.
import Content
import Terminal
import Workflows

enum WorkflowText {
  /// A moment to the second.
  static func time(_ seconds: Double?) -> String {
    seconds.map { CivilTime(secondsSince1970: $0).iso8601 } ?? ""
  }

  private static func duration(_ started: Double?, _ ended: Double?) -> String {
    guard let started, let ended, ended >= started else { return "" }
    return Text.seconds(ended - started)
  }

  private static func number(_ seconds: Double?) -> JSONValue {
    seconds.map { .number(($0 * 1000).rounded() / 1000) } ?? .null
  }

  private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

  private static func table(_ columns: [String], _ rows: [[String]]) -> String {
    Table(columns: columns, rows: rows).text(limit: .max)
  }

  static func executions(_ list: [WorkflowExecution]) -> String {
    table(
      ["execution", "status", "started", "took"],
      list.map {
        [$0.name, $0.status.rawValue, time($0.started), duration($0.started, $0.ended)]
      })
  }

  static func json(_ execution: WorkflowExecution, of name: String) -> JSONValue {
    [
      "v": 1, "event": "execution", "workflow": .string(name), "name": .string(execution.name),
      "arn": .string(execution.arn), "status": .string(execution.status.rawValue),
      "started": number(execution.started), "ended": number(execution.ended),
      "reason": text(execution.reason),
    ]
  }

  static func states(_ states: [StateProgress]) -> String {
    table(
      ["state", "status", "started", "took", "attempts", "job", "reason"],
      states.map {
        [
          $0.name, $0.status.rawValue, time($0.started), duration($0.started, $0.ended),
          $0.attempts == 0 ? "" : "\($0.attempts)", $0.job ?? "", $0.reason ?? "",
        ]
      })
  }

  static func json(_ state: StateProgress) -> JSONValue {
    [
      "v": 1, "event": "state", "state": .string(state.name),
      "status": .string(state.status.rawValue), "started": number(state.started),
      "ended": number(state.ended), "attempts": .integer(Int64(state.attempts)),
      "job": text(state.job), "reason": text(state.reason),
    ]
  }

  static func events(_ events: [WorkflowEvent]) -> String {
    table(
      ["id", "time", "event", "state", "detail"],
      events.map { ["\($0.id)", time($0.time), $0.type, $0.state ?? "", $0.detail ?? ""] })
  }

  static func json(_ event: WorkflowEvent) -> JSONValue {
    [
      "v": 1, "event": "event", "id": .integer(event.id), "time": number(event.time),
      "type": .string(event.type), "state": text(event.state), "detail": text(event.detail),
    ]
  }

  static func lines(_ values: [JSONValue]) throws -> String {
    try values.map { try $0.canonicalText() + "\n" }.joined()
  }
}
