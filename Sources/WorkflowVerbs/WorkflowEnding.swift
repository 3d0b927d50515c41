// `atelier workflow stop` and `delete`.
import CommandLine
import Content
import Project
import Terminal
import Triggers
import Workflows

struct WorkflowStop: Verb {
  let name = "stop"
  let summary = "stop an execution and the jobs that it waits for"
  let details = "What its jobs have stored stays; starting the plan again continues from there."
  let examples = [Example("atelier workflow stop churn", "the newest execution")]
  let targets = Shared.targets
  let execution = WorkflowOptions.execution
  let kind = WorkflowOptions.kind
  let workflowName = WorkflowOptions.name

  var parameters: [any Parameter] { [targets, execution, kind, workflowName] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try WorkflowCall.run(call, context, targets: targets, changes: true) { workflow in
      let deployed = try workflow.workflow()
      let found = try workflow.execution(of: deployed)
      guard !found.status.hasEnded else {
        try context.output.data("nothing to stop: \(found.name) \(found.status.words)\n")
        return ExitCode.success
      }
      try workflow.stop(found, of: deployed)
      return ExitCode.success
    }
  }
}

extension WorkflowCall {
  /// Stops an execution and waits for its end.
  func stop(_ found: WorkflowExecution, of deployed: DeployedWorkflow) throws {
    let service = service
    try asking(service.name) {
      try service.stop(found, reason: "stopped by atelier workflow stop")
    }
    let (ended, _) = try deployment.follow(
      found.name, of: deployed, advice: "the execution \(found.name) is being stopped"
    ) { _, _ in }
    try output.data("\(found.name) \(ended.status.words)\n")
  }
}

struct WorkflowDelete: Verb {
  let name = "delete"
  let summary = "remove a workflow, and wait until it is gone"
  let details = """
    Removes the state machine or pipeline and its triggers, and nothing else: results, plans and
    requests stay in the bucket, and roles are yours. One that runs is refused; --stop stops it first.
    """
  let examples = [Example("atelier workflow delete churn", "the state machine")]
  let targets = Shared.targets
  let stop = Flag("stop", "stop its executions first")
  let kind = WorkflowOptions.kind
  let workflowName = WorkflowOptions.name

  var parameters: [any Parameter] { [targets, stop, kind, workflowName] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try WorkflowCall.run(call, context, targets: targets, changes: true) { workflow in
      let triggers = WorkflowTriggers(workflow.services, workflow: workflow.name)
      guard let deployed = try workflow.deployment.own(workflow.name) else {
        _ = try triggers.remove { _ in true }
        try context.output.data("there is no \(workflow.kind.noun) \(workflow.name)\n")
        return ExitCode.success
      }
      let service = workflow.service
      let running = try asking(service.name) { try service.executions(of: deployed, most: 1000) }
        .filter { !$0.status.hasEnded }
      if let first = running.first, !call[stop] {
        throw UsageError(
          "\(first.name) is running; add --stop, or: \(workflow.command("stop"))")
      }
      // Nothing may start it any more.
      let gone = try triggers.remove { _ in true }
      if !gone.isEmpty { context.output.message("\(Text.count(gone.count, "trigger")) removed") }
      for execution in running { try workflow.stop(execution, of: deployed) }
      try workflow.deployment.delete(deployed)
      try context.output.data("\(workflow.kind.noun) \(deployed.name): deleted\n")
      return ExitCode.success
    }
  }
}
