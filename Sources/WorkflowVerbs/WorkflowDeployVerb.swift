// `atelier workflow deploy`: the plan of a target as a state machine or a pipeline.
import CommandLine
import CompileVerbs
import Content
import Project
import Terminal
import Workflows

struct WorkflowDeploy: Verb {
  let name = "deploy"
  let summary = "create or update the workflow of a target; says which"
  let details = """
    Puts the plan, the requests of its jobs and the bytes of local source files into the bucket, then
    creates the workflow, changes what differs (definition, role, tags), or leaves it. Nothing starts.
    """
  let examples = [
    Example("atelier workflow deploy churn", "a state machine"),
    Example("atelier workflow deploy retail/inference --as pipeline", "a pipeline"),
  ]
  let targets = Shared.targets
  let kind = WorkflowOptions.kind
  let grain = CompileShared.grain
  let training = CompileShared.training
  let workflowName = WorkflowOptions.name
  let workflowRole = WorkflowOptions.workflowRole
  let json = Shared.json

  var parameters: [any Parameter] {
    [targets, kind, grain, training, workflowName, workflowRole, json]
  }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try WorkflowCall.run(call, context, targets: targets, changes: true) { workflow in
      let compilation = try WorkflowCompilation(workflow, targets: targets, for: .deployment)
      _ = try workflow.deploy(compilation, isJSON: call[json])
      return ExitCode.success
    }
  }
}

extension WorkflowCall {
  /// Sends what the jobs read, and brings the workflow to its document; says what was done.
  func deploy(
    _ compilation: WorkflowCompilation, isJSON: Bool
  ) throws -> DeployedWorkflow {
    // What somebody else made is told before anything is sent.
    _ = try deployment.own(compilation.document.name)
    let sent = try WorkflowUpload(compilation: compilation, token: signals.token).run()
    let (deployed, change) = try deployment.deploy(compilation.document)
    let word =
      switch change {
      case .created: "created"
      case .updated(let parts): "updated (\(parts.joined(separator: ", ")))"
      case .unchanged: "unchanged"
      }
    if isJSON {
      let parts: [String] = if case .updated(let parts) = change { parts } else { [] }
      try output.data(
        WorkflowText.lines([
          [
            "v": 1, "event": "workflow", "workflow": .string(deployed.name),
            "as": .string(kind.rawValue), "arn": .string(deployed.arn),
            "change": .string(String(word.prefix { $0 != " " })),
            "differed": .array(parts.map { .string($0) }),
            "plan": .string(compilation.plan.digest.description),
            "documents": .integer(Int64(sent.documents)), "sources": .integer(Int64(sent.sources)),
          ]
        ]))
    } else {
      if sent.documents > 0 {
        output.message(
          "s3://\(compilation.settings.bucket): \(Text.count(sent.documents, "document")) sent, "
            + "\(Text.count(sent.sources, "source file")) there")
      }
      try output.data("\(kind.noun) \(deployed.name): \(word)\n")
    }
    return deployed
  }
}
