// What became of a state in an execution, for pictures.

/// What became of a state of a machine in an execution; a state without a mark was not entered.
public enum StateMark: String, Hashable, Sendable, CaseIterable {
  /// It is being worked on.
  case running
  /// It has done its work.
  case succeeded
  /// Its work failed and another state followed.
  case caught
  /// It ended the execution.
  case failed
  /// It was stopped.
  case stopped

  /// Fill and line.
  var colours: (String, String) {
    switch self {
    case .running: ("#fff3d6", "#b07a00")
    case .succeeded: ("#d3f0d8", "#2f8a44")
    case .caught: ("#ffe3c2", "#b05a00")
    case .failed: ("#fde4e1", "#b3372b")
    case .stopped: ("#e6e6e6", "#666")
    }
  }
}

/// What became of the states of a picture; without it states have the colours of their types.
struct StateMarks {
  private let marks: [String: StateMark]

  /// The marks of an execution, by the names of states.
  init(_ marks: [String: StateMark]) { self.marks = marks }

  subscript(_ name: String) -> StateMark? { marks[name] }

  /// Fill and line of a state that was not reached, which may look like no state that was.
  static let neutral = ("#fbfbfb", "#bbb")

  /// The marks that occur, in the order of their declaration.
  var used: [StateMark] { StateMark.allCases.filter { marks.values.contains($0) } }
}

extension StateMachine {
  /// The names of all states, those of machines within states included.
  public var allNames: [String] {
    order.flatMap { [$0] + (states[$0]?.machines.flatMap(\.allNames) ?? []) }
  }
}
