// Brings a workflow to its document, and starts it once for the same work.
import AWS
import Content

/// A workflow that is to be as its document says.
package struct WorkflowDeployment: Sendable {
  /// What was done.
  package enum Change: Sendable, Hashable {
    case created
    /// What differed: `definition`, `role`, `tags`.
    case updated([String])
    case unchanged
  }

  /// What came of the wish to start.
  package enum Start: Sendable {
    /// It was started.
    case started(WorkflowExecution)
    /// One for the same work runs, or has succeeded.
    case known(WorkflowExecution)
    /// Somebody else's call came first.
    case lost(WorkflowExecution)

    package var execution: WorkflowExecution {
      switch self {
      case .started(let found), .known(let found), .lost(let found): found
      }
    }
  }

  private let service: any WorkflowService
  private let services: WorkflowServices

  package init(_ service: any WorkflowService, _ services: WorkflowServices) {
    self.service = service
    self.services = services
  }

  /// The workflow of a name that Atelier made; throws where somebody else made it.
  package func own(_ name: String) throws -> DeployedWorkflow? {
    guard let found = try asking(service.name, { try service.find(name) }) else { return nil }
    guard found.workshop != nil else {
      throw WorkflowFailure.usage(
        "the \(service.kind.noun) \(name) was not made by Atelier: it has no tag "
          + "\(WorkflowTags.workshop); choose another name with --name")
    }
    return found
  }

  /// Creates the workflow, or changes what differs.
  package func deploy(
    _ document: WorkflowDocument
  ) throws -> (workflow: DeployedWorkflow, change: Change) {
    var patience = Patience()
    var isCreated = false
    while true {
      guard let found = try own(document.name) else {
        if try asking(service.name, { try service.create(document) }) {
          isCreated = true
          if let made = try own(document.name) { return (made, .created) }
        }
        // Somebody else's is there, or one is on its way out.
        try services.pause(patience.seconds, advice: "nothing was created")
        patience.nothingHappened()
        continue
      }
      if found.isGoing {
        try services.pause(patience.seconds, advice: "nothing was created")
        patience.nothingHappened()
        continue
      }
      let (workflow, change) = try update(found, document)
      return (workflow, isCreated ? .created : change)
    }
  }

  private func update(
    _ found: DeployedWorkflow, _ document: WorkflowDocument
  ) throws -> (workflow: DeployedWorkflow, change: Change) {
    guard found.workshop == document.workshop else {
      throw WorkflowFailure.usage(
        "the \(service.kind.noun) \(found.name) is of the workshop \(found.workshop ?? ""), not "
          + "of \(document.workshop); choose another name with --name")
    }
    var differences: [String] = []
    if !Self.isSame(found.definition, document.definition) { differences.append("definition") }
    if found.role != document.role { differences.append("role") }
    if !differences.isEmpty {
      try asking(service.name) { try service.update(found, to: document) }
    }
    // Tags whose names begin with `aws:` are the account's own.
    let surplus = found.tags.keys.filter { document.tags[$0] == nil && !$0.hasPrefix("aws:") }
    if !surplus.isEmpty || document.tags.contains(where: { found.tags[$0.key] != $0.value }) {
      differences.append("tags")
      try asking(service.name) {
        try service.tag(found, document.tags, removing: surplus.sorted())
      }
    }
    var workflow = found
    (workflow.definition, workflow.role) = (document.definition, document.role)
    workflow.tags = document.tags
    return (workflow, differences.isEmpty ? .unchanged : .updated(differences))
  }

  /// Whether two texts hold the same JSON.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    if one == other { return true }
    guard let first = try? JSONValue(parsing: one).canonicalBytes(),
      let second = try? JSONValue(parsing: other).canonicalBytes()
    else { return false }
    return first == second
  }

  /// Starts an execution unless one for the same work runs or has succeeded.
  ///
  /// The first has the document's name, one after a failure `-2`, `-3` and so on behind it. With
  /// `again` one that succeeded is no reason not to start. `call` is another text for each call.
  package func start(
    _ workflow: DeployedWorkflow, _ document: WorkflowDocument, input: [String: String],
    again: Bool, call: String
  ) throws -> Start {
    var attempt = 1
    while true {
      let name = attempt == 1 ? document.executionName : "\(document.executionName)-\(attempt)"
      if let found = try asking(service.name, { try service.execution(name, of: workflow) }) {
        if found.status == .running || (found.status == .succeeded && !again) {
          return .known(found)
        }
        attempt += 1
        continue
      }
      let started = try asking(service.name) {
        try service.start(workflow, name: name, input: input, call: call)
      }
      guard let started else {
        if let other = try asking(service.name, { try service.execution(name, of: workflow) }) {
          return .lost(other)
        }
        continue
      }
      if try runs(document, started) { return .started(started) }
      // An update reaches all of Step Functions only after some seconds.
      try asking(service.name) {
        try service.stop(started, reason: "it ran a definition that was replaced before it started")
      }
      try services.pause(Self.settling, advice: "the execution \(name) was stopped")
      attempt += 1
    }
  }

  /// Seconds before a start is tried again that ran a former definition.
  private static let settling = 2.0

  private func runs(_ document: WorkflowDocument, _ execution: WorkflowExecution) throws -> Bool {
    // SageMaker starts what it was given last.
    guard service.kind == .machine,
      let definition = try asking(service.name, { try service.definition(of: execution) })
    else { return true }
    return Self.isSame(definition, document.definition)
  }

  /// Removes the workflow and waits until it is gone.
  package func delete(_ workflow: DeployedWorkflow) throws {
    let advice = "the \(service.kind.noun) \(workflow.name) is being deleted"
    try asking(service.name) { try service.delete(workflow) }
    var patience = Patience()
    while try asking(service.name, advice: advice, { try service.find(workflow.name) }) != nil {
      try services.pause(patience.seconds, advice: advice)
      patience.nothingHappened()
    }
  }

  /// Waits for the end of an execution; `report` gets the states each time that one has changed.
  package func follow(
    _ name: String, of workflow: DeployedWorkflow, advice: String,
    report: (WorkflowExecution, [StateProgress]) -> Void
  ) throws -> (execution: WorkflowExecution, states: [StateProgress]) {
    var patience = Patience()
    var known: [StateProgress]?
    while true {
      // The status first: what happened before it was read is among the states read after it.
      let found = try asking(service.name, advice: advice) {
        try service.execution(name, of: workflow)
      }
      guard let found else {
        throw WorkflowFailure.failed("the execution \(name) is gone; somebody has deleted it")
      }
      let states = try asking(service.name, advice: advice) { try service.states(of: found) }
      if states != known {
        report(found, states)
        known = states
        patience.somethingHappened()
      } else {
        patience.nothingHappened()
      }
      if found.status.hasEnded { return (found, states) }
      try services.pause(patience.seconds, advice: advice)
    }
  }
}
