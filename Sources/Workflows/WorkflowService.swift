// What a service that runs workflows must do: Step Functions and SageMaker Pipelines do the same in
// other words.
import Content

/// Runs workflows; all calls block and throw what the service said.
package protocol WorkflowService: Sendable {
  var kind: WorkflowKind { get }

  /// The service's name for people.
  var name: String { get }

  /// The workflow of a name, ours or not; nil where there is none.
  func find(_ name: String) throws -> DeployedWorkflow?

  /// All workflows of the region that Atelier made.
  func all() throws -> [DeployedWorkflow]

  /// Creates one; false where there is one of that name by now.
  func create(_ document: WorkflowDocument) throws -> Bool

  /// Replaces definition and role.
  func update(_ workflow: DeployedWorkflow, to document: WorkflowDocument) throws

  /// Adds tags, and removes others by key.
  func tag(_ workflow: DeployedWorkflow, _ tags: [String: String], removing keys: [String]) throws

  /// Begins to remove one.
  func delete(_ workflow: DeployedWorkflow) throws

  /// Starts an execution of a name that none has had; nil where somebody else's call came first.
  ///
  /// `call` is another text for each call of the program.
  func start(
    _ workflow: DeployedWorkflow, name: String, input: [String: String], call: String
  ) throws -> WorkflowExecution?

  /// The execution of a name; nil where there is none.
  func execution(_ name: String, of workflow: DeployedWorkflow) throws -> WorkflowExecution?

  /// The newest executions, newest first.
  func executions(of workflow: DeployedWorkflow, most: Int) throws -> [WorkflowExecution]

  /// The definition that an execution runs; nil where the service does not tell.
  func definition(of execution: WorkflowExecution) throws -> String?

  /// What became of each state that was entered, in that order.
  func states(of execution: WorkflowExecution) throws -> [StateProgress]

  /// What happened, in order.
  func events(of execution: WorkflowExecution) throws -> [WorkflowEvent]

  /// Ends an execution and the jobs that it waits for.
  func stop(_ execution: WorkflowExecution, reason: String) throws
}
