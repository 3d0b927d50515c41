// `atelier workflow list`, `executions` and `events`: what is there, and what happened.
import CommandLine
import Content
import Project
import Terminal
import Workflows

struct WorkflowList: Verb {
  let name = "list"
  let summary = "the workflows in the account and region that Atelier made, by their tag"
  let examples = [Example("atelier workflow list --json", "names and ARNs")]
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, context)
    return try Signals.guarding { signals in
      let services = try session.workflowServices(signals, changes: false)
      let all: [any WorkflowService] = [
        MachineService(services.machines), PipelineService(services.sagemaker),
      ]
      var found: [DeployedWorkflow] = []
      for service in all { found += try asking(service.name) { try service.all() } }
      if call[json] {
        try context.output.data(
          WorkflowText.lines(
            found.map {
              [
                "v": 1, "event": "workflow", "workflow": .string($0.name),
                "as": .string($0.kind.rawValue), "workshop": .string($0.workshop ?? ""),
                "arn": .string($0.arn), "plan": .string($0.tags[WorkflowTags.plan] ?? ""),
              ]
            }))
      } else if found.isEmpty {
        let account = try session.settings.string("AWS", "account")
        context.output.message(
          "no workflow of Atelier in \(try session.awsSettings().region ?? "this region")"
            + (account.isEmpty ? "" : " (account \(account))"))
      } else {
        try context.output.data(
          Table(
            columns: ["workflow", "as", "workshop", "plan"],
            rows: found.map {
              [
                $0.name, $0.kind.rawValue, $0.workshop ?? "",
                String(($0.tags[WorkflowTags.plan] ?? "").prefix(19)),
              ]
            }
          ).text(limit: .max))
      }
      return ExitCode.success
    }
  }
}

struct WorkflowExecutions: Verb {
  let name = "executions"
  let summary = "the executions of a workflow, newest first"
  let examples = [Example("atelier workflow executions churn", "names, statuses and times")]
  let targets = Shared.targets
  let kind = WorkflowOptions.kind
  let workflowName = WorkflowOptions.name
  let limit = WorkflowOptions.limit
  let json = Shared.json

  var parameters: [any Parameter] { [targets, kind, workflowName, limit, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try WorkflowCall.run(call, context, targets: targets, changes: false) { workflow in
      let deployed = try workflow.workflow()
      let service = workflow.service
      let found = try asking(service.name) {
        try service.executions(of: deployed, most: call[limit] ?? 20)
      }
      if call[json] {
        try context.output.data(
          WorkflowText.lines(found.map { WorkflowText.json($0, of: deployed.name) }))
      } else if found.isEmpty {
        context.output.message("\(deployed.name) was never started")
      } else {
        try context.output.data(WorkflowText.executions(found))
      }
      return ExitCode.success
    }
  }
}

struct WorkflowEvents: Verb {
  let name = "events"
  let summary = "what happened in an execution, in order"
  let details = """
    Inputs and outputs are left out: of a request only the job's name is shown, of a failure only its
    reason, with {...} for any JSON in it.
    """
  let examples = [Example("atelier workflow events churn", "of the newest execution")]
  let targets = Shared.targets
  let execution = WorkflowOptions.execution
  let kind = WorkflowOptions.kind
  let workflowName = WorkflowOptions.name
  let json = Shared.json

  var parameters: [any Parameter] { [targets, execution, kind, workflowName, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try WorkflowCall.run(call, context, targets: targets, changes: false) { workflow in
      let deployed = try workflow.workflow()
      let found = try workflow.execution(of: deployed)
      let service = workflow.service
      let events = try asking(service.name) { try service.events(of: found) }
      try context.output.data(
        call[json]
          ? WorkflowText.lines(events.map(WorkflowText.json)) : WorkflowText.events(events))
      return ExitCode.success
    }
  }
}
