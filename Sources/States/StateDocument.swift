// A state machine as JSON: members in the order that people write them, decimals with their point.
import Content

/// A JSON text whose members keep their order.
indirect enum StateDocument {
  case value(JSONValue)
  /// A number that keeps its decimal point, as `BackoffRate` must.
  case decimal(Double)
  case list([StateDocument])
  case object([(String, StateDocument)])

  /// The text, indented by two spaces a level.
  func text(_ indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .value(.array(let elements)):
      return StateDocument.list(elements.map { .value($0) }).text(indent)
    case .value(.object(let members)):
      return StateDocument.object(
        members.sorted { $0.key < $1.key }.map { ($0.key, .value($0.value)) }
      ).text(indent)
    case .value(.string(let text)): return JSONValue.quoted(text)
    case .value(.integer(let number)): return "\(number)"
    case .value(.number(let number)): return "\(number)"
    case .value(.bool(let truth)): return truth ? "true" : "false"
    case .value(.null): return "null"
    case .decimal(let number): return "\(number)"
    case .list(let elements):
      guard !elements.isEmpty else { return "[]" }
      return "[\n" + elements.map { inner + $0.text(inner) }.joined(separator: ",\n")
        + "\n\(indent)]"
    case .object(let members):
      guard !members.isEmpty else { return "{}" }
      return "{\n"
        + members.map { "\(inner)\(JSONValue.quoted($0.0)): \($0.1.text(inner))" }
        .joined(separator: ",\n") + "\n\(indent)}"
    }
  }
}

extension StateMachine {
  /// The definition as indented JSON, with states in the order in which they follow each other.
  ///
  /// A machine with problems is written as well; ask ``problems()`` first.
  public var document: String { members(isOuter: true).text() + "\n" }

  func members(isOuter: Bool) -> StateDocument {
    var members: [(String, StateDocument)] = []
    if let comment { members.append(("Comment", .value(.string(comment)))) }
    members.append(("StartAt", .value(.string(startAt))))
    if let timeoutSeconds, isOuter {
      members.append(("TimeoutSeconds", .value(.integer(Int64(timeoutSeconds)))))
    }
    members.append(
      (
        "States",
        .object(
          order.compactMap { name in states[name].map { (name, $0.members) } })
      ))
    return .object(members)
  }

  /// The names as they follow each other from the first on, then what nothing leads to.
  var order: [String] {
    var order: [String] = []
    var seen: Set<String> = []
    var pending = [startAt]
    while let name = pending.popLast() {
      guard let state = states[name], seen.insert(name).inserted else { continue }
      order.append(name)
      pending += state.followers.reversed()
    }
    return order + states.keys.filter { !seen.contains($0) }.sorted()
  }
}

extension State {
  /// The names of the states that may follow, in the order of the document.
  var followers: [String] {
    switch kind {
    case .task(let task, let then): then.names + task.catching.map(\.next)
    case .pass(_, _, let then), .wait(_, let then): then.names
    case .choice(let rules, let otherwise):
      rules.map(\.next) + (otherwise.map { [$0] } ?? [])
    case .succeed, .fail, .failWith: []
    case .parallel(_, let then, _, let catching): then.names + catching.map(\.next)
    case .map(_, _, _, let then, _, let catching): then.names + catching.map(\.next)
    }
  }

  fileprivate var members: StateDocument {
    var members: [(String, StateDocument)] = [("Type", .value(.string(typeName)))]
    func add(_ name: String, _ text: String?) {
      if let text { members.append((name, .value(.string(text)))) }
    }
    func add(_ name: String, _ number: Int?) {
      if let number { members.append((name, .value(.integer(Int64(number))))) }
    }
    func add(_ name: String, _ payload: Payload?) {
      if let payload { members.append((name, payload.document)) }
    }
    func add(_ then: Transition) {
      switch then {
      case .next(let name): add("Next", name)
      case .end: members.append(("End", .value(.bool(true))))
      }
    }
    add("Comment", comment)
    if isDetached {
      members.append(("InputPath", .value(.null)))
      members.append(("ResultPath", .value(.null)))
    }
    add("InputPath", inputPath?.text)
    switch kind {
    case .task(let task, let then):
      add("Resource", task.resource)
      add("Parameters", task.parameters)
      add("ResultSelector", task.resultSelector)
      add("ResultPath", resultPath?.text)
      add("OutputPath", outputPath?.text)
      add("TimeoutSeconds", task.timeoutSeconds)
      add("HeartbeatSeconds", task.heartbeatSeconds)
      members += Self.errors(task.retry, task.catching)
      add(then)
      return .object(members)
    case .pass(let result, let parameters, let then):
      if let result { members.append(("Result", .value(result))) }
      add("Parameters", parameters)
      add("ResultPath", resultPath?.text)
      add(then)
    case .choice(let rules, let otherwise):
      members.append(("Choices", .list(rules.map(\.document))))
      add("Default", otherwise)
    case .wait(let wait, let then):
      switch wait {
      case .seconds(let seconds): add("Seconds", seconds)
      case .until(let time): add("Timestamp", time)
      case .secondsPath(let path): add("SecondsPath", path.text)
      case .untilPath(let path): add("TimestampPath", path.text)
      }
      add(then)
    case .succeed: break
    case .fail(let error, let cause):
      add("Error", error)
      add("Cause", cause)
    case .failWith(let error, let cause):
      add("Error", error)
      add("CausePath", cause.text)
    case .parallel(let branches, let then, let retry, let catching):
      members.append(("Branches", .list(branches.map { $0.members(isOuter: false) })))
      add("ResultPath", resultPath?.text)
      members += Self.errors(retry, catching)
      add(then)
    case .map(let machine, let list, let most, let then, let retry, let catching):
      add("ItemsPath", list.text)
      add("MaxConcurrency", most)
      members.append(("Iterator", machine.members(isOuter: false)))
      add("ResultPath", resultPath?.text)
      members += Self.errors(retry, catching)
      add(then)
    }
    add("OutputPath", outputPath?.text)
    return .object(members)
  }

  /// The word of the document.
  var typeName: String {
    switch kind {
    case .task: "Task"
    case .pass: "Pass"
    case .choice: "Choice"
    case .wait: "Wait"
    case .succeed: "Succeed"
    case .fail, .failWith: "Fail"
    case .parallel: "Parallel"
    case .map: "Map"
    }
  }

  private static func errors(
    _ retry: [Retrier], _ catching: [Catcher]
  ) -> [(String, StateDocument)] {
    func names(_ errors: [String]) -> StateDocument { .value(.array(errors.map { .string($0) })) }
    var members: [(String, StateDocument)] = []
    if !retry.isEmpty {
      members.append(
        (
          "Retry",
          .list(
            retry.map {
              .object([
                ("ErrorEquals", names($0.errors)),
                ("IntervalSeconds", .value(.integer(Int64($0.interval)))),
                ("MaxAttempts", .value(.integer(Int64($0.attempts)))),
                ("BackoffRate", .decimal($0.backoff)),
              ])
            })
        ))
    }
    if !catching.isEmpty {
      members.append(
        (
          "Catch",
          .list(
            catching.map { catcher in
              var fields: [(String, StateDocument)] = [("ErrorEquals", names(catcher.errors))]
              if let path = catcher.resultPath {
                fields.append(("ResultPath", .value(.string(path.text))))
              }
              return .object(fields + [("Next", .value(.string(catcher.next)))])
            })
        ))
    }
    return members
  }
}

extension Transition {
  fileprivate var names: [String] { if case .next(let name) = self { [name] } else { [] } }
}

extension ChoiceRule {
  fileprivate var document: StateDocument {
    guard case .object(let members) = condition.document else { return condition.document }
    return .object(members + [("Next", .value(.string(next)))])
  }
}

extension Condition {
  fileprivate var document: StateDocument {
    switch self {
    case .value(let path, let comparison):
      .object([("Variable", .value(.string(path.text))), comparison.member])
    case .and(let conditions): .object([("And", .list(conditions.map(\.document)))])
    case .or(let conditions): .object([("Or", .list(conditions.map(\.document)))])
    case .not(let condition): .object([("Not", condition.document)])
    }
  }
}

extension Comparison {
  fileprivate var member: (String, StateDocument) {
    switch self {
    case .number(let order, let number):
      (
        "Numeric\(order.rawValue)",
        Int(exactly: number).map { .value(.integer(Int64($0))) } ?? .decimal(number)
      )
    case .text(let order, let text): ("String\(order.rawValue)", .value(.string(text)))
    case .time(let order, let time): ("Timestamp\(order.rawValue)", .value(.string(time)))
    case .bool(let truth): ("BooleanEquals", .value(.bool(truth)))
    case .path(let kind, let order, let path):
      ("\(kind.rawValue)\(order.rawValue)Path", .value(.string(path.text)))
    case .matches(let pattern): ("StringMatches", .value(.string(pattern)))
    case .isKind(let kind, let truth): (kind.rawValue, .value(.bool(truth)))
    }
  }
}

extension JSONValue {
  /// The value as indented JSON, members sorted by name.
  package var indentedText: String { StateDocument.value(self).text() }
}
