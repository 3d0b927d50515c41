// What Step Functions, or common sense, would refuse in a machine.

/// A mistake in a state machine.
public struct StateProblem: Hashable, Sendable, CustomStringConvertible {
  /// The state, with the states around it, as `Outer/Inner`; empty for the machine.
  public let state: String
  /// What is wrong, what was expected, and what to do.
  public let text: String
  /// Both on one line.
  public var description: String { state.isEmpty ? text : "state '\(state)': \(text)" }
}

extension StateMachine {
  /// Characters of the longest name.
  public static let longestName = 80
  /// Bytes of the largest definition.
  public static let mostBytes = 1 << 20

  /// All mistakes, in the order of the states; none where Step Functions should take the machine.
  ///
  /// Source: the Amazon States Language, and the limits of Step Functions' developer guide.
  public func problems() -> [StateProblem] {
    var check = MachineCheck()
    check.machine(self, within: "")
    let bytes = document.utf8.count
    if bytes > Self.mostBytes {
      check.add(
        "",
        "the definition has \(bytes) bytes; expected at most \(Self.mostBytes): wire coarser states"
      )
    }
    return check.problems
  }
}

/// One walk over a machine and those within it.
private struct MachineCheck {
  private(set) var problems: [StateProblem] = []
  /// Where each name was seen first.
  private var places: [String: String] = [:]

  mutating func add(_ state: String, _ text: String) {
    problems.append(StateProblem(state: state, text: text))
  }

  mutating func machine(_ machine: StateMachine, within outer: String) {
    guard machine.states[machine.startAt] != nil else {
      add(
        outer,
        machine.states.isEmpty
          ? "the machine has no states" : "StartAt names '\(machine.startAt)', which is no state")
      return
    }
    if let seconds = machine.timeoutSeconds, seconds < 1 {
      add(outer, "TimeoutSeconds is \(seconds); expected at least 1")
    }
    let order = machine.order
    let reached = Set(reachable(machine))
    for name in order {
      guard let state = machine.states[name] else { continue }
      let place = outer.isEmpty ? name : "\(outer)/\(name)"
      self.name(name, place)
      if !reached.contains(name) { add(place, "nothing leads to it") }
      for next in state.followers where machine.states[next] == nil {
        add(place, "'\(next)' follows it, which is no state of this machine")
      }
      if reached.contains(name), !leadsToEnd(name, machine) {
        add(place, "no way leads from it to an end")
      }
      self.state(state, place)
    }
  }

  private mutating func name(_ name: String, _ place: String) {
    if name.isEmpty || name.count > StateMachine.longestName {
      add(
        place,
        "its name has \(name.count) characters; expected 1 to \(StateMachine.longestName)")
    }
    if let other = places.updateValue(place, forKey: name) {
      add(place, "'\(other)' has the same name; names are unique in the whole machine")
    }
  }

  private func reachable(_ machine: StateMachine) -> [String] {
    var seen: Set<String> = []
    var pending = [machine.startAt]
    while let name = pending.popLast() {
      guard let state = machine.states[name], seen.insert(name).inserted else { continue }
      pending += state.followers
    }
    return seen.sorted()
  }

  private func leadsToEnd(_ name: String, _ machine: StateMachine) -> Bool {
    var seen: Set<String> = []
    var pending = [name]
    while let name = pending.popLast() {
      guard let state = machine.states[name], seen.insert(name).inserted else { continue }
      if state.isEnd { return true }
      pending += state.followers
    }
    return false
  }

  private mutating func state(_ state: State, _ place: String) {
    for (name, path) in [("InputPath", state.inputPath), ("OutputPath", state.outputPath)] {
      self.path(path, name, place)
    }
    reference(state.resultPath, "ResultPath", place)
    if state.isDetached, state.inputPath != nil || state.resultPath != nil {
      add(place, "it is detached, so it can have neither InputPath nor ResultPath")
    }
    switch state.kind {
    case .task(let task, _): self.task(task, place)
    case .pass(_, let parameters, _): payload(parameters, "Parameters", place)
    case .choice(let rules, let otherwise): choice(rules, otherwise, place)
    case .wait(let wait, _): self.wait(wait, place)
    case .succeed: break
    case .fail(let error, _):
      if error.isEmpty { add(place, "its Error is empty; name what went wrong") }
    case .failWith(let error, let cause):
      if error.isEmpty { add(place, "its Error is empty; name what went wrong") }
      reference(cause, "CausePath", place)
    case .parallel(let branches, _, let retry, let catching):
      if branches.isEmpty { add(place, "it has no branches") }
      for branch in branches { machine(branch, within: place) }
      errors(retry, catching, place)
    case .map(let machine, let list, let most, _, let retry, let catching):
      reference(list, "ItemsPath", place)
      if most < 0 { add(place, "MaxConcurrency is \(most); expected 0 or more") }
      self.machine(machine, within: place)
      errors(retry, catching, place)
    }
  }

  private mutating func task(_ task: Task, _ place: String) {
    if !task.resource.hasPrefix("arn:") {
      add(place, "its Resource is '\(task.resource)'; expected an ARN, arn:<partition>:...")
    }
    payload(task.parameters, "Parameters", place)
    payload(task.resultSelector, "ResultSelector", place)
    for (name, seconds) in [
      ("TimeoutSeconds", task.timeoutSeconds), ("HeartbeatSeconds", task.heartbeatSeconds),
    ] {
      if let seconds, !(1...99_999_999).contains(seconds) {
        add(place, "\(name) is \(seconds); expected 1 to 99999999")
      }
    }
    if let limit = task.timeoutSeconds, let beat = task.heartbeatSeconds, beat >= limit {
      add(place, "HeartbeatSeconds is \(beat); expected less than TimeoutSeconds, \(limit)")
    }
    errors(task.retry, task.catching, place)
  }

  private mutating func choice(_ rules: [ChoiceRule], _ otherwise: String?, _ place: String) {
    if rules.isEmpty { add(place, "it has no rules") }
    if otherwise == nil {
      add(place, "it has no Default: data that no rule fits would end the execution with an error")
    }
    for rule in rules { condition(rule.condition, place) }
  }

  private mutating func condition(_ condition: Condition, _ place: String) {
    switch condition {
    case .not(let inner): self.condition(inner, place)
    case .and(let inner), .or(let inner):
      if inner.isEmpty { add(place, "an And or Or has no conditions") }
      for condition in inner { self.condition(condition, place) }
    case .value(let path, let comparison):
      reference(path, "Variable", place)
      self.comparison(comparison, place)
    }
  }

  private mutating func comparison(_ comparison: Comparison, _ place: String) {
    switch comparison {
    case .text(let order, let text):
      guard order != .equals, Double(text) != nil else { return }
      add(
        place,
        "it compares by the order of characters with '\(text)', which is a number: as text '9' is above "
          + "'50'; compare numbers")
    case .number(_, let number):
      if !number.isFinite { add(place, "it compares with \(number); expected a finite number") }
    case .time(_, let time): self.time(time, place)
    case .path(let kind, let order, let path):
      reference(path, "the other value", place)
      if kind == .bool, order != .equals {
        add(place, "truth values have no order; compare them by equals")
      }
    case .bool, .matches, .isKind: break
    }
  }

  private mutating func wait(_ wait: Wait, _ place: String) {
    switch wait {
    case .seconds(let seconds):
      if !(0...99_999_999).contains(seconds) {
        add(place, "it waits \(seconds) s; expected 0 to 99999999")
      }
    case .until(let time): self.time(time, place)
    case .secondsPath(let path): reference(path, "SecondsPath", place)
    case .untilPath(let path): reference(path, "TimestampPath", place)
    }
  }

  private mutating func time(_ time: String, _ place: String) {
    let form = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/
    if time.wholeMatch(of: form) == nil {
      add(place, "'\(time)' is not a time in RFC 3339, such as 2026-01-31T12:00:00Z")
    }
  }

  // MARK: Errors

  private mutating func errors(_ retry: [Retrier], _ catching: [Catcher], _ place: String) {
    names(retry.map(\.errors), "Retry", place)
    names(catching.map(\.errors), "Catch", place)
    for retrier in retry {
      if retrier.interval < 1 {
        add(place, "IntervalSeconds is \(retrier.interval); expected at least 1")
      }
      if !(0...99_999_999).contains(retrier.attempts) {
        add(place, "MaxAttempts is \(retrier.attempts); expected 0 to 99999999")
      }
      if !(retrier.backoff >= 1 && retrier.backoff.isFinite) {
        add(place, "BackoffRate is \(retrier.backoff); expected at least 1.0")
      }
    }
    for catcher in catching { reference(catcher.resultPath, "ResultPath of Catch", place) }
  }

  private mutating func names(_ lists: [[String]], _ field: String, _ place: String) {
    for (index, names) in lists.enumerated() {
      if names.isEmpty { add(place, "\(field) has an empty ErrorEquals") }
      for name in names where name.hasPrefix("States.") && !Self.errorNames.contains(name) {
        add(
          place,
          "\(field) names '\(name)', which Step Functions has not; expected one of "
            + Self.errorNames.sorted().joined(separator: ", "))
      }
      guard names.contains("States.ALL") else { continue }
      if names.count > 1 || index < lists.count - 1 {
        add(place, "States.ALL stands alone, and last, in \(field)")
      }
    }
  }

  private static let errorNames: Set<String> = [
    "States.ALL", "States.HeartbeatTimeout", "States.Timeout", "States.TaskFailed",
    "States.Permissions", "States.ResultPathMatchFailure", "States.ParameterPathFailure",
    "States.BranchFailed", "States.NoChoiceMatched", "States.IntrinsicFailure",
    "States.ExceedToleratedFailureThreshold", "States.ItemReaderFailed",
    "States.ResultWriterFailed", "States.DataLimitExceeded", "States.Runtime",
  ]

  // MARK: Paths

  private mutating func path(_ path: DataPath?, _ field: String, _ place: String) {
    guard let path, !path.isWellFormed else { return }
    add(place, "\(field) is '\(path.text)'; expected a path, such as $.job")
  }

  private mutating func reference(_ path: DataPath?, _ field: String, _ place: String) {
    guard let path, !path.isReference else { return }
    add(place, "\(field) is '\(path.text)'; expected a path to one place, such as $.job.name")
  }

  private mutating func payload(_ payload: Payload?, _ field: String, _ place: String) {
    guard let payload else { return }
    guard case .object = payload else {
      add(place, "\(field) is no object; expected members by name")
      return
    }
    for path in payload.paths where !path.isWellFormed {
      add(place, "\(field) has the path '\(path.text)'; expected one such as $.job")
    }
  }
}

extension State {
  /// Whether the machine ends with it.
  var isEnd: Bool {
    switch kind {
    case .succeed, .fail, .failWith: true
    case .choice: false
    case .task(_, let then), .pass(_, _, let then), .wait(_, let then): then == .end
    case .parallel(_, let then, _, _): then == .end
    case .map(_, _, _, let then, _, _): then == .end
    }
  }
}
