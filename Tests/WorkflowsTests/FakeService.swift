// A service that runs workflows in memory, and does what a test says of the calls of others.
import AWS
import Content
import HTTP
import Synchronization

@testable import Workflows

/// Workflows and executions in memory.
final class FakeService: WorkflowService {
  struct State {
    var workflows: [String: DeployedWorkflow] = [:]
    var executions: [String: WorkflowExecution] = [:]
    /// The definition that each execution runs.
    var definitions: [String: String] = [:]
    /// What was asked for, in order.
    var calls: [String] = []
    /// Done once, before the next call of that name.
    var before: [String: @Sendable (inout State) -> Void] = [:]
  }

  private let state = Mutex(State())

  var kind: WorkflowKind { .machine }

  var name: String { "fake" }

  var calls: [String] { state.withLock { $0.calls } }

  func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

  private func doing<Answer>(
    _ call: String, _ body: (inout State) -> Answer
  ) -> Answer {
    state.withLock { state in
      if let act = state.before.removeValue(forKey: call) { act(&state) }
      state.calls.append(call)
      return body(&state)
    }
  }

  func find(_ name: String) -> DeployedWorkflow? { doing("find") { $0.workflows[name] } }

  func all() -> [DeployedWorkflow] { doing("all") { Array($0.workflows.values) } }

  static func deployed(_ document: WorkflowDocument) -> DeployedWorkflow {
    DeployedWorkflow(
      kind: .machine, name: document.name, arn: "arn:\(document.name)",
      definition: document.definition, role: document.role, tags: document.tags, isGoing: false)
  }

  func create(_ document: WorkflowDocument) -> Bool {
    doing("create") { state in
      guard state.workflows[document.name] == nil else { return false }
      state.workflows[document.name] = Self.deployed(document)
      return true
    }
  }

  func update(_ workflow: DeployedWorkflow, to document: WorkflowDocument) {
    doing("update") { state in
      state.workflows[workflow.name]?.definition = document.definition
      state.workflows[workflow.name]?.role = document.role
    }
  }

  func tag(_ workflow: DeployedWorkflow, _ tags: [String: String], removing keys: [String]) {
    doing("tag") { state in
      for key in keys { state.workflows[workflow.name]?.tags[key] = nil }
      for (key, value) in tags { state.workflows[workflow.name]?.tags[key] = value }
    }
  }

  func delete(_ workflow: DeployedWorkflow) {
    doing("delete") { $0.workflows[workflow.name] = nil }
  }

  func start(
    _ workflow: DeployedWorkflow, name: String, input: [String: String], call: String
  ) -> WorkflowExecution? {
    doing("start") { state in
      guard state.executions[name] == nil else { return nil }
      let made = WorkflowExecution(name: name, arn: name, status: .running, started: 1)
      state.executions[name] = made
      state.definitions[name] =
        state.definitions["next"] ?? state.workflows[workflow.name]?.definition
      state.definitions["next"] = nil
      return made
    }
  }

  func execution(_ name: String, of workflow: DeployedWorkflow) -> WorkflowExecution? {
    doing("execution") { $0.executions[name] }
  }

  func executions(of workflow: DeployedWorkflow, most: Int) -> [WorkflowExecution] {
    doing("executions") { Array($0.executions.values.prefix(most)) }
  }

  func definition(of execution: WorkflowExecution) -> String? {
    doing("definition") { $0.definitions[execution.name] }
  }

  func states(of execution: WorkflowExecution) -> [StateProgress] { [] }

  func events(of execution: WorkflowExecution) -> [WorkflowEvent] { [] }

  func stop(_ execution: WorkflowExecution, reason: String) {
    doing("stop") { $0.executions[execution.name]?.status = .stopped }
  }
}

extension WorkflowServices {
  /// Services that are never asked, whose pauses take no time.
  static func quick() throws -> WorkflowServices {
    let keys = ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "eu-west-1"]
    let timing = Timing(
      now: { UnixTime(seconds: 0) }, elapsed: { 0 }, sleep: { _ in }, random: { 0.5 })
    return try WorkflowServices(
      AWSSettings(environment: keys), timing: timing, isCancelled: { false })
  }
}
