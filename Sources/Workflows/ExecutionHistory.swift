// The history of a state machine's execution: what became of each state. It asks no service.
import Content
import StepFunctions

/// The events of one execution, read as what people ask of them.
package struct ExecutionHistory: Sendable {
  private let history: [HistoryEvent]
  /// The name of the state that each event belongs to, by its number.
  private let owners: [Int64: String]

  /// The history of an execution, in order.
  package init(_ history: [HistoryEvent]) {
    self.history = history
    var owners: [Int64: String] = [:]
    for event in history {
      if let name = event.details["name"]?.string, event.entersState || event.exitsState {
        owners[event.id] = name
      } else if !event.type.hasPrefix("Execution") {
        owners[event.id] = owners[event.previous]
      }
    }
    self.owners = owners
  }

  /// What happened, without inputs and outputs.
  package var events: [WorkflowEvent] {
    history.map { event in
      WorkflowEvent(
        id: event.id, time: event.time, type: event.type, state: owners[event.id],
        detail: event.failure ?? event.job ?? event.resource)
    }
  }

  /// What became of each state that was entered, in that order; a state that is entered again counts
  /// once, as it stands now.
  package func states(_ execution: ExecutionStatus) -> [StateProgress] {
    var order: [String] = []
    var states: [String: StateProgress] = [:]
    for event in history {
      guard let name = owners[event.id] else { continue }
      if event.entersState {
        if states[name] == nil { order.append(name) }
        var state = states[name] ?? StateProgress(name: name, status: .running, started: event.time)
        (state.status, state.ended) = (.running, nil)
        states[name] = state
      } else if event.exitsState {
        let isCaught = states[name]?.reason != nil
        states[name]?.status = isCaught ? .caught : .succeeded
        states[name]?.ended = event.time
      } else if event.type.hasSuffix("StateAborted") {
        // A branch beside one that failed.
        states[name]?.status = .stopped
        states[name]?.ended = event.time
      } else if event.type.hasSuffix("Scheduled") {
        states[name]?.attempts += 1
        states[name]?.job = event.job
        states[name]?.reason = nil
      } else if let failure = event.failure {
        states[name]?.reason = failure
      } else if event.type.hasSuffix("Succeeded") {
        states[name]?.reason = nil
      }
    }
    let end = history.last { $0.type.hasPrefix("Execution") && $0.type != "ExecutionStarted" }
    let ended = order.compactMap { states[$0] }.map { state in
      guard state.status == .running, execution.hasEnded else { return state }
      var state = state
      state.status = execution == .stopped ? .stopped : .failed
      state.ended = end?.time
      return state
    }
    return JobStates.joined(ended)
  }
}

extension HistoryEvent {
  var entersState: Bool { type.hasSuffix("StateEntered") }

  var exitsState: Bool { type.hasSuffix("StateExited") }

  /// Why something failed; nil for an event that is no failure.
  var failure: String? {
    guard ["Failed", "TimedOut", "Aborted"].contains(where: { type.hasSuffix($0) }) else {
      return nil
    }
    let cause = details["cause"]?.string
    return details["error"]?.string.map { FailureWords.of(error: $0, cause: cause) }
      ?? cause.map(FailureWords.cause)
  }

  /// The name of the job that is begun; nothing else is read of a request.
  var job: String? {
    guard let text = details["parameters"]?.string,
      let members = (try? JSONValue(parsing: text))?.object
    else { return nil }
    return ["ProcessingJobName", "TrainingJobName", "TransformJobName", "ModelName", "JobName"]
      .lazy.compactMap { members[$0]?.string }.first
  }

  /// What is asked of a service, such as `createProcessingJob.sync`.
  var resource: String? { details["resource"]?.string }
}
