// Workflows as pipelines of SageMaker.
import AWS
import Content
import SageMaker

/// Runs workflows as pipelines.
package struct PipelineService: WorkflowService {
  private let client: SageMakerClient

  package init(_ client: SageMakerClient) { self.client = client }

  package var kind: WorkflowKind { .pipeline }

  package var name: String { "SageMaker" }

  package func find(_ name: String) throws -> DeployedWorkflow? {
    guard let found = try client.pipeline(name) else { return nil }
    return described(found, try client.tags(of: found.arn))
  }

  package func all() throws -> [DeployedWorkflow] {
    try client.pipelines().sorted { $0.key < $1.key }.compactMap { name, arn in
      let tags = try client.tags(of: arn)
      guard tags[WorkflowTags.workshop] != nil, let found = try client.pipeline(name) else {
        return nil
      }
      return described(found, tags)
    }
  }

  private func described(
    _ found: PipelineDescription, _ tags: [String: String]
  ) -> DeployedWorkflow {
    DeployedWorkflow(
      kind: .pipeline, name: found.name, arn: found.arn, definition: found.definition,
      role: found.role, tags: tags, isGoing: found.status == "Deleting")
  }

  package func create(_ document: WorkflowDocument) throws -> Bool {
    do {
      try client.createPipeline(
        name: document.name, definition: document.definition, role: document.role,
        tags: document.tags, token: try Self.token(document.name, document.definition))
      return true
    } catch let fault as ServiceFault where fault.meansPresent || fault.code == "ConflictException"
    {
      return false
    }
  }

  package func update(_ workflow: DeployedWorkflow, to document: WorkflowDocument) throws {
    try client.updatePipeline(
      workflow.name, definition: document.definition, role: document.role)
  }

  package func tag(
    _ workflow: DeployedWorkflow, _ tags: [String: String], removing keys: [String]
  ) throws {
    if !tags.isEmpty { try client.tag(workflow.arn, tags) }
    if !keys.isEmpty { try client.untag(workflow.arn, keys: keys) }
  }

  package func delete(_ workflow: DeployedWorkflow) throws {
    try client.deletePipeline(workflow.name, token: try Self.token(workflow.arn, "delete"))
  }

  package func start(
    _ workflow: DeployedWorkflow, name: String, input: [String: String], call: String
  ) throws -> WorkflowExecution? {
    // A pipeline takes two executions of one name; the token makes two calls at once one execution.
    let arn = try client.startPipeline(
      workflow.name, displayName: name, parameters: input,
      token: try Self.token(workflow.arn, name))
    return try client.pipelineExecution(arn).map { Self.execution($0, name: name) }
  }

  package func execution(
    _ name: String, of workflow: DeployedWorkflow
  ) throws -> WorkflowExecution? {
    guard
      let found = try client.executions(ofPipeline: workflow.name, most: Self.remembered)
        .first(where: { $0.displayName == name || $0.id == name })
    else { return nil }
    return try client.pipelineExecution(found.arn).map { Self.execution($0) }
  }

  /// Executions among which one is looked for.
  private static let remembered = 1000

  package func executions(
    of workflow: DeployedWorkflow, most: Int
  ) throws -> [WorkflowExecution] {
    try client.executions(ofPipeline: workflow.name, most: most).map { Self.execution($0) }
  }

  package func definition(of execution: WorkflowExecution) throws -> String? {
    try client.definition(ofPipelineExecution: execution.arn)
  }

  package func states(of execution: WorkflowExecution) throws -> [StateProgress] {
    try client.steps(ofPipelineExecution: execution.arn).map { step in
      let status: StateStatus =
        switch step.status {
        case "Succeeded": .succeeded
        case "Failed": .failed
        case "Stopped", "Stopping": .stopped
        default: .running
        }
      var state = StateProgress(name: step.name, status: status, started: step.started)
      state.ended = step.ended
      state.attempts = 1
      state.job = step.job
      state.reason = step.failure.map(FailureWords.cause)
      return state
    }
  }

  /// A pipeline has no history: its steps begin and end.
  package func events(of execution: WorkflowExecution) throws -> [WorkflowEvent] {
    var found: [(time: Double, type: String, state: String, detail: String?)] = []
    for state in try states(of: execution) {
      if let started = state.started {
        found.append((started, "StepStarted", state.name, state.job))
      }
      if let ended = state.ended {
        found.append((ended, "Step\(state.status.rawValue.capitalized)", state.name, state.reason))
      }
    }
    return found.sorted { $0.time < $1.time }.enumerated().map { index, event in
      WorkflowEvent(
        id: Int64(index + 1), time: event.time, type: event.type, state: event.state,
        detail: event.detail)
    }
  }

  package func stop(_ execution: WorkflowExecution, reason: String) throws {
    try client.stopPipelineExecution(execution.arn, token: try Self.token(execution.arn, "stop"))
  }

  /// The same text for the same wish, as long as SageMaker wants it.
  private static func token(_ parts: String...) throws -> String {
    try Digest.of(parts.joined(separator: "\n")).hex
  }

  private static func execution(
    _ found: PipelineExecution, name: String? = nil
  ) -> WorkflowExecution {
    let status: ExecutionStatus =
      switch found.status {
      case "Succeeded": .succeeded
      case "Failed": .failed
      case "Stopped": .stopped
      default: .running
      }
    return WorkflowExecution(
      name: name ?? (found.displayName.isEmpty ? found.id : found.displayName), arn: found.arn,
      status: status, started: found.started, ended: status.hasEnded ? found.changed : nil,
      reason: found.failure.map(FailureWords.cause))
  }
}

extension PipelineExecution {
  /// What SageMaker calls it.
  fileprivate var id: String { arn.split(separator: "/").last.map(String.init) ?? arn }
}
