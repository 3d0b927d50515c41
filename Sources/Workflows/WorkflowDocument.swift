// What is deployed: a definition with its name, role and tags.
import Compile
import Content
import Jobs
import Plans
import ServiceNames

/// A form in which AWS runs a plan.
package enum WorkflowKind: String, Sendable, CaseIterable {
  /// A state machine of Step Functions.
  case machine
  /// A pipeline of SageMaker.
  case pipeline

  /// For people.
  package var noun: String { self == .machine ? "state machine" : "pipeline" }
}

/// A state machine or a pipeline as it is to be.
package struct WorkflowDocument: Sendable {
  package let kind: WorkflowKind
  /// The name in the account and region.
  package let name: String
  /// The definition as a text of JSON.
  package let definition: String
  /// The ARN of the role that it runs with.
  package let role: String
  package let tags: [String: String]
  /// What an execution must be started with.
  package let parameters: [String]
  /// The workshop's name.
  package let workshop: String
  /// The name of a first execution, the same for the same work.
  package let executionName: String

  /// A document.
  ///
  /// - Parameters:
  ///   - store: where results are kept, `s3://bucket/prefix`: in another place the same plan is other work.
  ///   - isWhole: whether the plan alone says what is done; false where a training of a service follows.
  ///   - tags: those of the account's owner; ours are added.
  package init(
    _ kind: WorkflowKind, name: String, definition: String, role: String, plan: Plan,
    store: String, isWhole: Bool, parameters: [String], tags: [String: String]
  ) throws {
    self.kind = kind
    self.name = name
    self.definition = definition
    self.role = role
    self.parameters = parameters.sorted()
    workshop = plan.workshop
    self.tags = tags.merging(
      [WorkflowTags.workshop: plan.workshop, WorkflowTags.plan: plan.digest.description]
    ) { $1 }
    let work = "\(plan.digest)\n\(store)" + (isWhole ? "" : "\n\(definition)")
    executionName = String(try Digest.of(work).hex.prefix(Self.nameLength))
  }

  /// A document that is not made of a plan: executions of it are started by others.
  package init(
    _ kind: WorkflowKind, name: String, definition: String, role: String, tags: [String: String],
    workshop: String = "", executionName: String = ""
  ) {
    self.kind = kind
    self.name = name
    self.definition = definition
    self.role = role
    self.tags = tags
    self.workshop = workshop
    self.executionName = executionName
    parameters = []
  }

  /// Hexadecimal digits in the name of an execution.
  static let nameLength = 32
}

/// The tags by which Atelier knows its own.
package enum WorkflowTags {
  /// The workshop's name: who has it was made by Atelier.
  package static let workshop = "atelier:workshop"
  /// The digest of the plan.
  package static let plan = "atelier:plan"
  /// The endpoint that a model or a configuration was made for.
  package static let endpoint = "atelier:endpoint"
  /// The workflow that a rule starts.
  package static let workflow = "atelier:workflow"
}

/// Names of workflows.
package enum WorkflowName {
  /// The name of a workshop's workflow; that of some targets has them behind it.
  ///
  /// Targets have workflows of their own, so to start one leaves the others as they are.
  package static func of(_ name: String, targets: [String]) throws -> String {
    try ServiceName.cut(([name] + targets).joined(separator: "-"), to: 63)
  }

  /// Whether both services accept a name.
  package static func isValid(_ name: String) -> Bool { ServiceName.isValid(name) }
}
