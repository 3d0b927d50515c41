// Executions of state machines: start, describe, list, stop, and what happened in them.
import AWS
import Content
import HTTP

/// An execution as Step Functions has it; without its input and output, which may hold anything.
package struct ExecutionDescription: Sendable, Hashable {
  package var arn: String
  package var name: String
  /// `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED` or `PENDING_REDRIVE`.
  package var status: String
  /// Seconds since 1970.
  package var started: Double
  package var stopped: Double?
  package var error: String?
  package var cause: String?

  init(_ answer: JSONValue) {
    arn = answer["executionArn"]?.string ?? ""
    name = answer["name"]?.string ?? ""
    status = answer["status"]?.string ?? ""
    started = answer["startDate"]?.number ?? 0
    stopped = answer["stopDate"]?.number
    error = answer["error"]?.string
    cause = answer["cause"]?.string
  }
}

/// One event of an execution's history.
package struct HistoryEvent: Sendable, Hashable {
  package var id: Int64
  /// The event that led to it; 0 for none.
  package var previous: Int64
  /// Seconds since 1970.
  package var time: Double
  /// Such as `TaskStateEntered`.
  package var type: String
  /// The members of its details, such as `name` of a state that is entered.
  package var details: [String: JSONValue]

  package init(
    id: Int64, previous: Int64, time: Double, type: String, details: [String: JSONValue]
  ) {
    self.id = id
    self.previous = previous
    self.time = time
    self.type = type
    self.details = details
  }

  init(_ answer: JSONValue) {
    let members = answer.object ?? [:]
    self.init(
      id: answer["id"]?.integer ?? 0, previous: answer["previousEventId"]?.integer ?? 0,
      time: answer["timestamp"]?.number ?? 0, type: answer["type"]?.string ?? "",
      details: members.first { $0.key.hasSuffix("EventDetails") }?.value.object ?? [:])
  }
}

extension StepFunctionsClient {
  /// Starts an execution; its ARN, or nil where there is one of that name with another input, or one
  /// that has ended.
  package func start(machine arn: String, name: String, input: JSONValue) throws -> String? {
    do {
      return try call(
        "StartExecution",
        [
          "stateMachineArn": .string(arn), "name": .string(name),
          "input": .string(try input.canonicalText()),
        ])["executionArn"]?.string
    } catch let fault as ServiceFault where fault.code == "ExecutionAlreadyExists" {
      return nil
    }
  }

  /// An execution by its ARN; nil where there is none.
  package func execution(_ arn: String) throws -> ExecutionDescription? {
    do {
      return ExecutionDescription(
        try call("DescribeExecution", ["executionArn": .string(arn)]))
    } catch let fault as ServiceFault where fault.code == "ExecutionDoesNotExist" {
      return nil
    }
  }

  /// The newest executions of a state machine, newest first.
  package func executions(of machine: String, most: Int) throws -> [ExecutionDescription] {
    try all(
      "ListExecutions", "executions",
      ["stateMachineArn": .string(machine), "maxResults": .integer(Int64(min(most, 1000)))],
      most: most
    ).prefix(most).map { ExecutionDescription($0) }
  }

  /// The definition that an execution runs, which an update meanwhile does not change.
  package func definition(ofExecution arn: String) throws -> String {
    try call("DescribeStateMachineForExecution", ["executionArn": .string(arn)])["definition"]?
      .string ?? ""
  }

  /// What happened in an execution, in order.
  package func history(of execution: String) throws -> [HistoryEvent] {
    try all(
      "GetExecutionHistory", "events",
      ["executionArn": .string(execution), "maxResults": 1000]
    ).map { HistoryEvent($0) }
  }

  /// Ends an execution and the jobs that it waits for.
  package func stop(execution arn: String, error: String, cause: String) throws {
    _ = try call(
      "StopExecution",
      ["executionArn": .string(arn), "error": .string(error), "cause": .string(cause)])
  }
}
