// Executions, what happened in them, and what became of each state, whoever ran them.

/// A workflow that is there.
package struct DeployedWorkflow: Sendable, Hashable {
  package var kind: WorkflowKind
  package var name: String
  package var arn: String
  package var definition: String
  package var role: String
  package var tags: [String: String]
  /// Whether it is being removed.
  package var isGoing: Bool

  /// The workshop that it was made of; nil where Atelier did not make it.
  package var workshop: String? { tags[WorkflowTags.workshop] }
}

/// How an execution stands.
package enum ExecutionStatus: String, Sendable {
  case running, succeeded, failed
  case timedOut = "timed out"
  case stopped

  /// Whether it has ended.
  package var hasEnded: Bool { self != .running }
}

/// An execution of a workflow.
package struct WorkflowExecution: Sendable, Hashable {
  package var name: String
  package var arn: String
  package var status: ExecutionStatus
  /// Seconds since 1970.
  package var started: Double
  package var ended: Double?
  /// Why it failed, in the words of what failed; nil where it did not.
  package var reason: String?
}

/// How a state or a step of an execution stands.
package enum StateStatus: String, Sendable {
  case running, succeeded, failed
  /// What it waited for failed, and another state followed.
  case caught
  case stopped
}

/// What became of a state of an execution.
package struct StateProgress: Sendable, Hashable {
  package var name: String
  package var status: StateStatus
  /// Seconds since 1970.
  package var started: Double?
  package var ended: Double?
  /// How often a job or a request was begun for it.
  package var attempts = 0
  /// The name of its last job.
  package var job: String?
  /// Why its last attempt failed.
  package var reason: String?

  package init(name: String, status: StateStatus, started: Double?) {
    self.name = name
    self.status = status
    self.started = started
  }
}

/// One thing that happened in an execution; it holds no input and no output.
package struct WorkflowEvent: Sendable, Hashable {
  package var id: Int64
  /// Seconds since 1970.
  package var time: Double
  package var type: String
  /// The name of the state; nil for the execution itself.
  package var state: String?
  /// The name of a job, or why something failed.
  package var detail: String?
}
