// Workflows as state machines of Step Functions.
import AWS
import Content
import StepFunctions

/// Runs workflows as state machines.
package struct MachineService: WorkflowService {
  private let client: StepFunctionsClient

  package init(_ client: StepFunctionsClient) { self.client = client }

  package var kind: WorkflowKind { .machine }

  package var name: String { "Step Functions" }

  package func find(_ name: String) throws -> DeployedWorkflow? {
    guard let arn = try client.machines()[name] else { return nil }
    return try described(arn)
  }

  package func all() throws -> [DeployedWorkflow] {
    try client.machines().sorted { $0.key < $1.key }.compactMap { name, arn in
      guard let tags = try tags(of: arn), tags[WorkflowTags.workshop] != nil else { return nil }
      return try described(arn, tags)
    }
  }

  private func described(_ arn: String, _ known: [String: String]? = nil) throws
    -> DeployedWorkflow?
  {
    guard let found = try client.machine(arn), let tags = try known ?? tags(of: arn) else {
      return nil
    }
    return DeployedWorkflow(
      kind: .machine, name: found.name, arn: arn, definition: found.definition, role: found.role,
      tags: tags, isGoing: found.status == "DELETING")
  }

  /// nil where it is gone meanwhile.
  private func tags(of arn: String) throws -> [String: String]? {
    do {
      return try client.tags(of: arn)
    } catch let fault as ServiceFault
      where ["ResourceNotFound", "StateMachineDoesNotExist"].contains(fault.code)
    {
      return nil
    }
  }

  package func create(_ document: WorkflowDocument) throws -> Bool {
    do {
      _ = try client.create(
        name: document.name, definition: document.definition, role: document.role,
        tags: document.tags)
      return true
    } catch let fault as ServiceFault
      where ["StateMachineAlreadyExists", "StateMachineDeleting"].contains(fault.code)
    {
      return false
    }
  }

  package func update(_ workflow: DeployedWorkflow, to document: WorkflowDocument) throws {
    try client.update(workflow.arn, definition: document.definition, role: document.role)
  }

  package func tag(
    _ workflow: DeployedWorkflow, _ tags: [String: String], removing keys: [String]
  ) throws {
    if !tags.isEmpty { try client.tag(workflow.arn, tags) }
    if !keys.isEmpty { try client.untag(workflow.arn, keys: keys) }
  }

  package func delete(_ workflow: DeployedWorkflow) throws { try client.delete(workflow.arn) }

  package func start(
    _ workflow: DeployedWorkflow, name: String, input: [String: String], call: String
  ) throws -> WorkflowExecution? {
    // Step Functions accepts a name twice with the same input, so each call has another one.
    let input = input.merging([Self.callMember: call]) { $1 }
    guard
      try client.start(
        machine: workflow.arn, name: name, input: .object(input.mapValues { .string($0) })) != nil
    else { return nil }
    return try execution(name, of: workflow)
  }

  /// The member of an execution's input that tells two calls apart.
  private static let callMember = "AtelierCall"

  package func execution(
    _ name: String, of workflow: DeployedWorkflow
  ) throws -> WorkflowExecution? {
    guard let found = try client.execution(Self.arn(name, of: workflow)) else { return nil }
    return Self.execution(found)
  }

  package func executions(
    of workflow: DeployedWorkflow, most: Int
  ) throws -> [WorkflowExecution] {
    try client.executions(of: workflow.arn, most: most).map(Self.execution)
  }

  package func definition(of execution: WorkflowExecution) throws -> String? {
    try client.definition(ofExecution: execution.arn)
  }

  package func states(of execution: WorkflowExecution) throws -> [StateProgress] {
    ExecutionHistory(try client.history(of: execution.arn)).states(execution.status)
  }

  package func events(of execution: WorkflowExecution) throws -> [WorkflowEvent] {
    ExecutionHistory(try client.history(of: execution.arn)).events
  }

  package func stop(_ execution: WorkflowExecution, reason: String) throws {
    try client.stop(execution: execution.arn, error: "Atelier.Stopped", cause: reason)
  }

  /// The ARN of an execution, which follows from its name.
  private static func arn(_ name: String, of workflow: DeployedWorkflow) -> String {
    workflow.arn.replacing(":stateMachine:", with: ":execution:", maxReplacements: 1) + ":\(name)"
  }

  private static func execution(_ found: ExecutionDescription) -> WorkflowExecution {
    let status: ExecutionStatus =
      switch found.status {
      case "SUCCEEDED": .succeeded
      case "FAILED": .failed
      case "TIMED_OUT": .timedOut
      case "ABORTED": .stopped
      default: .running
      }
    return WorkflowExecution(
      name: found.name, arn: found.arn, status: status, started: found.started,
      ended: found.stopped,
      reason: found.error.map {
        FailureWords.of(error: $0, cause: found.cause)
      } ?? found.cause.map(FailureWords.cause))
  }
}
