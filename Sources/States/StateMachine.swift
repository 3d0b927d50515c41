// A state machine of Step Functions as a value.
import Content

/// A state machine in the Amazon States Language.
///
/// It is checked by ``problems()`` and written by ``document``; nothing here asks a service.
/// Source: https://states-language.net and the developer guide of Step Functions.
public struct StateMachine: Hashable, Sendable {
  /// What it is for; one line.
  public var comment: String?
  /// The name of the first state.
  public var startAt: String
  /// The states by name.
  public var states: [String: State]
  /// Seconds after which an execution ends as timed out; nil for none.
  public var timeoutSeconds: Int?

  /// A machine of some states.
  public init(
    comment: String? = nil, startAt: String, states: [String: State], timeoutSeconds: Int? = nil
  ) {
    self.comment = comment
    self.startAt = startAt
    self.states = states
    self.timeoutSeconds = timeoutSeconds
  }
}

extension StateMachine {
  /// The machine without some states, in those within it, too, and without the catchers that lead there.
  ///
  /// For pictures of what is meant to happen: states that others go on to stay needed.
  public func without(_ names: Set<String>) -> StateMachine {
    var machine = self
    machine.states = states.filter { !names.contains($0.key) }.mapValues { $0.without(names) }
    return machine
  }
}

extension State {
  fileprivate func without(_ names: Set<String>) -> State {
    func kept(_ catching: [Catcher]) -> [Catcher] {
      catching.filter { !names.contains($0.next) }
    }
    var state = self
    switch kind {
    case .task(var task, let then):
      task.catching = kept(task.catching)
      state.kind = .task(task, then: then)
    case .parallel(let branches, let then, let retry, let catching):
      state.kind = .parallel(
        branches.map { $0.without(names) }, then: then, retry: retry, catching: kept(catching))
    case .map(let machine, let list, let most, let then, let retry, let catching):
      state.kind = .map(
        machine.without(names), of: list, most: most, then: then, retry: retry,
        catching: kept(catching))
    default: break
    }
    return state
  }
}

/// One state: what it does, what of its data goes in and comes out, and what follows.
public struct State: Hashable, Sendable {
  /// What it does, with what follows it.
  public var kind: Kind
  /// What it is for; one line.
  public var comment: String?
  /// The part of its data that goes in; nil for all.
  public var inputPath: DataPath?
  /// Where the result goes in the data; nil for all of them.
  public var resultPath: DataPath?
  /// The part of the data that comes out; nil for all.
  public var outputPath: DataPath?
  /// Whether it gets no data and leaves none: what goes in comes out.
  ///
  /// Both paths, to and from it, are then null.
  public var isDetached = false

  /// A state that does something.
  public init(
    _ kind: Kind, comment: String? = nil, inputPath: DataPath? = nil, resultPath: DataPath? = nil,
    outputPath: DataPath? = nil
  ) {
    self.kind = kind
    self.comment = comment
    self.inputPath = inputPath
    self.resultPath = resultPath
    self.outputPath = outputPath
  }

  /// What a state does.
  public enum Kind: Hashable, Sendable {
    /// Asks a service, such as a training job.
    case task(Task, then: Transition)
    /// Gives data on, or the result that is named.
    case pass(result: JSONValue? = nil, parameters: Payload? = nil, then: Transition)
    /// The first rule that holds says what follows, else `otherwise`.
    case choice([ChoiceRule], otherwise: String?)
    /// Waits.
    case wait(Wait, then: Transition)
    /// Ends the machine well.
    case succeed
    /// Ends the machine with an error.
    case fail(error: String, cause: String)
    /// Ends the machine with an error whose cause the data have, such as that of one that was caught.
    case failWith(error: String, cause: DataPath)
    /// All machines at once; the result is the list of theirs.
    case parallel([StateMachine], then: Transition, retry: [Retrier] = [], catching: [Catcher] = [])
    /// A machine for each element of a list; `most` run at once, 0 for as many as there can be.
    case map(
      StateMachine, of: DataPath, most: Int = 0, then: Transition, retry: [Retrier] = [],
      catching: [Catcher] = [])
  }
}

/// What follows a state.
public enum Transition: Hashable, Sendable {
  /// Another state of the same machine.
  case next(String)
  /// Nothing: the machine ends well.
  case end
}

/// What is asked of a service.
public struct Task: Hashable, Sendable {
  /// An integration, such as `arn:aws:states:::sagemaker:createTrainingJob.sync`.
  public var resource: String
  /// The request.
  public var parameters: Payload?
  /// What is taken of the answer.
  public var resultSelector: Payload?
  /// Seconds that it may take.
  public var timeoutSeconds: Int?
  /// Seconds between two signs of life.
  public var heartbeatSeconds: Int?
  /// When it is tried again.
  public var retry: [Retrier]
  /// What follows an error.
  public var catching: [Catcher]

  /// A request to a service.
  public init(
    _ resource: String, parameters: Payload? = nil, resultSelector: Payload? = nil,
    timeoutSeconds: Int? = nil, heartbeatSeconds: Int? = nil, retry: [Retrier] = [],
    catching: [Catcher] = []
  ) {
    self.resource = resource
    self.parameters = parameters
    self.resultSelector = resultSelector
    self.timeoutSeconds = timeoutSeconds
    self.heartbeatSeconds = heartbeatSeconds
    self.retry = retry
    self.catching = catching
  }
}

/// Which errors lead to another attempt, and when.
public struct Retrier: Hashable, Sendable {
  /// Names of errors; `States.ALL` stands alone, in the last retrier.
  public var errors: [String]
  /// Seconds before the first further attempt.
  public var interval: Int
  /// Further attempts.
  public var attempts: Int
  /// Factor of each further wait.
  public var backoff: Double

  /// By default as Step Functions does: three attempts after 1, 2 and 4 seconds.
  public init(_ errors: [String], interval: Int = 1, attempts: Int = 3, backoff: Double = 2) {
    self.errors = errors
    self.interval = interval
    self.attempts = attempts
    self.backoff = backoff
  }
}

/// Which errors lead to another state.
public struct Catcher: Hashable, Sendable {
  /// Names of errors; `States.ALL` stands alone, in the last catcher.
  public var errors: [String]
  /// The state that follows.
  public var next: String
  /// Where the error goes in the data; nil for all of them.
  public var resultPath: DataPath?

  /// A way on after errors.
  public init(_ errors: [String], next: String, resultPath: DataPath? = nil) {
    self.errors = errors
    self.next = next
    self.resultPath = resultPath
  }
}

/// How long a state waits.
public enum Wait: Hashable, Sendable {
  /// Seconds.
  case seconds(Int)
  /// Until a time in RFC 3339, such as `2026-01-31T12:00:00Z`.
  case until(String)
  /// Seconds that the data have.
  case secondsPath(DataPath)
  /// A time that the data have.
  case untilPath(DataPath)
}
