// Histories of executions as people read them.
import Content
import StepFunctions
import Testing

@testable import Workflows

struct ExecutionHistoryTests {
  private func event(
    _ id: Int64, after previous: Int64, _ type: String, _ details: [String: JSONValue] = [:]
  ) -> HistoryEvent {
    HistoryEvent(id: id, previous: previous, time: Double(id), type: type, details: details)
  }

  private let request: JSONValue = .string(
    "{\"ProcessingJobName\": \"churn-train-1\", \"Environment\": {\"TOKEN\": \"s3cr3t\"}}")

  private var failing: [HistoryEvent] {
    [
      event(1, after: 0, "ExecutionStarted", ["input": "{\"a\": \"s3cr3t\"}"]),
      event(2, after: 0, "TaskStateEntered", ["name": "train", "input": "{}"]),
      event(3, after: 2, "TaskScheduled", ["resource": "x.sync", "parameters": request]),
      event(4, after: 3, "TaskStarted"),
      event(5, after: 4, "TaskSubmitted", ["output": request]),
      event(
        6, after: 5, "TaskFailed",
        [
          "error": "SageMaker.AmazonSageMakerException",
          "cause": .string("{\"FailureReason\":\"no memory\",\"Environment\":{\"T\":\"s3cr3t\"}}"),
        ]),
      event(7, after: 6, "TaskStateExited", ["name": "train", "output": "{}"]),
      event(8, after: 7, "FailStateEntered", ["name": "train: failed"]),
      event(9, after: 8, "ExecutionFailed", ["error": "Atelier.JobFailed", "cause": "no memory"]),
    ]
  }

  @Test func aFailureThatEndsTheExecutionIsTheJobsOwn() throws {
    let states = ExecutionHistory(failing).states(.failed)
    #expect(states.map(\.name) == ["train"])
    #expect(states.map(\.status) == [.failed])
    #expect(states[0].attempts == 1 && states[0].job == "churn-train-1")
    #expect(states[0].reason == "SageMaker.AmazonSageMakerException: no memory")
    #expect(states[0].started == 2 && states[0].ended == 9)
  }

  @Test func aFailureThatAnotherStateHandlesIsCaught() throws {
    var history = Array(failing.dropLast(2))
    history.append(event(8, after: 7, "PassStateEntered", ["name": "clean up"]))
    let states = ExecutionHistory(history).states(.running)
    #expect(states.map(\.status) == [.caught, .running] && states[0].ended == 7)
  }

  @Test func aJobThatWaitsForAMachineIsRunning() throws {
    var history = Array(failing.dropLast(2))
    history.append(event(8, after: 7, "ChoiceStateEntered", ["name": "train: no machine?"]))
    #expect(ExecutionHistory(history).states(.running).map(\.status) == [.running])
    history.append(event(9, after: 8, "ChoiceStateExited", ["name": "train: no machine?"]))
    history.append(event(10, after: 9, "WaitStateEntered", ["name": "train: wait for a machine"]))
    let waiting = ExecutionHistory(history).states(.running)
    #expect(waiting.map(\.name) == ["train"] && waiting.map(\.status) == [.running])
    #expect(ExecutionHistory(history).states(.stopped).map(\.status) == [.stopped])
    history.append(event(11, after: 10, "WaitStateExited", ["name": "train: wait for a machine"]))
    history.append(event(12, after: 11, "TaskStateEntered", ["name": "train"]))
    history.append(event(13, after: 12, "TaskScheduled", ["parameters": request]))
    history.append(event(14, after: 13, "TaskSucceeded"))
    history.append(event(15, after: 14, "TaskStateExited", ["name": "train"]))
    let ended = ExecutionHistory(history).states(.succeeded)
    #expect(ended.map(\.status) == [.succeeded] && ended[0].attempts == 2)
  }

  @Test(arguments: [
    (
      #"The path '$.a' could not be found in the input '{"max_depth":"5","x":["s3cr3t }"]}'"#,
      "The path '$.a' could not be found in the input '{...}'"
    ),
    (#"found in the input '{"a":{"b":1},"c":"s3cr3t"#, "found in the input '{...}"),
    (#"got {\"a\": \"s3cr3t\"} here"#, "got {...}"),
    (#"got [{"a":"s3cr3t"}] and {'b': 's3cr3t'}"#, "got {...} and {...}"),
    ("[Errno 2] No such file: 'a[1].csv'", "[Errno 2] No such file: 'a[1].csv'"),
    (
      #"{"FailureReason":"bad input {\"t\":\"s3cr3t\"}; see the log"}"#,
      "bad input {...}; see the log"
    ),
  ])
  func jsonInACauseIsNotShown(_ cause: String, _ shown: String) {
    #expect(FailureWords.cause(cause) == shown)
  }

  @Test func noEventHoldsAnInputOrOutput() throws {
    let events = ExecutionHistory(failing).events
    #expect(events.count == 9)
    #expect(!events.contains { ($0.detail ?? "").contains("s3cr3t") })
    #expect(events[2].detail == "churn-train-1" && events[2].state == "train")
    #expect(events[0].state == nil && events[8].detail == "Atelier.JobFailed: no memory")
  }

  @Test func aRetryThatSucceedsIsNoFailure() throws {
    let states = ExecutionHistory([
      event(1, after: 0, "ExecutionStarted"),
      event(2, after: 0, "TaskStateEntered", ["name": "train"]),
      event(3, after: 2, "TaskScheduled", ["parameters": request]),
      event(4, after: 3, "TaskFailed", ["error": "ThrottlingException"]),
      event(5, after: 4, "TaskScheduled", ["parameters": request]),
      event(6, after: 5, "TaskSucceeded"),
      event(7, after: 6, "TaskStateExited", ["name": "train"]),
      event(8, after: 7, "ExecutionSucceeded"),
    ]).states(.succeeded)
    #expect(states.map(\.status) == [.succeeded])
    #expect(states[0].attempts == 2 && states[0].reason == nil)
  }

  @Test func branchesThatRunSideBySideAreToldApart() throws {
    let states = ExecutionHistory([
      event(1, after: 0, "ExecutionStarted"),
      event(2, after: 0, "ParallelStateEntered", ["name": "both"]),
      event(3, after: 2, "ParallelStateStarted"),
      event(4, after: 3, "TaskStateEntered", ["name": "left"]),
      event(5, after: 3, "TaskStateEntered", ["name": "right"]),
      event(6, after: 4, "TaskScheduled", ["parameters": "{\"TrainingJobName\":\"l\"}"]),
      event(7, after: 5, "TaskScheduled", ["parameters": "{\"TrainingJobName\":\"r\"}"]),
      event(8, after: 6, "TaskSucceeded"),
      event(9, after: 8, "TaskStateExited", ["name": "left"]),
    ]).states(.running)
    #expect(states.map(\.name) == ["both", "left", "right"])
    #expect(states.map(\.status) == [.running, .succeeded, .running])
    #expect(states.map(\.job) == [nil, "l", "r"])
  }

  @Test func whatWasStoppedIsSaidToBe() throws {
    let states = ExecutionHistory([
      event(1, after: 0, "ExecutionStarted"),
      event(2, after: 0, "TaskStateEntered", ["name": "train"]),
      event(3, after: 2, "ExecutionAborted"),
    ]).states(.stopped)
    #expect(states.map(\.status) == [.stopped] && states[0].ended == 3)
  }

  @Test func aLongCauseIsCutAndAJobWithoutReasonSaysSo() throws {
    #expect(FailureWords.cause(String(repeating: "x", count: 900)).count == 500)
    #expect(FailureWords.cause("{\"RoleArn\":\"arn\"}") == "the job failed and gave no reason")
    #expect(FailureWords.of(error: "States.Timeout", cause: nil) == "States.Timeout")
  }
}
