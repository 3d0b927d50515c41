// `atelier workflow start`: deploys where needed, and starts one execution for the same plan.
import CommandLine
import CompileVerbs
import Content
import Project
import Terminal
import Workflows

struct WorkflowStart: Verb {
  let name = "start"
  let summary = "start an execution of a target's plan, once; deploys what changed"
  let details = """
    The execution's name is made of the plan's digest. While it runs, and after it has succeeded,
    starting the same plan again starts nothing; after a failure the next one has -2, -3 and so on
    behind its name. --wait follows it to its end and records the run here, so that show, explain,
    diff and report work without a network. Ctrl-C leaves the execution running; without --wait
    `atelier workflow progress` records the run once the execution has ended.
    """
  let examples = [
    Example("atelier workflow start churn --wait", "start, follow, record"),
    Example(
      "atelier workflow start retail/inference --image registry.example.com/atelier:2",
      "another image than that of [Jobs] image"),
  ]
  let targets = Shared.targets
  let wait = Flag("wait", "follow it to its end, and record the run here")
  let again = Flag("again", "start although the same plan has succeeded")
  let image = WorkflowOptions.image
  let role = WorkflowOptions.role
  let trainingImage = WorkflowOptions.trainingImage
  let kind = WorkflowOptions.kind
  let grain = CompileShared.grain
  let training = CompileShared.training
  let workflowName = WorkflowOptions.name
  let workflowRole = WorkflowOptions.workflowRole
  let noFetch = FollowedExecution.noFetch
  let json = Shared.json

  var parameters: [any Parameter] {
    [
      targets, wait, again, image, role, trainingImage, kind, grain, training, workflowName,
      workflowRole, noFetch, json,
    ]
  }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try WorkflowCall.run(call, context, targets: targets, changes: true) { workflow in
      let compilation = try WorkflowCompilation(workflow, targets: targets, for: .start)
      let input = compilation.input
      let deployed = try workflow.deploy(compilation, isJSON: call[json])
      let start = try workflow.deployment.start(
        deployed, compilation.document, input: input, again: call[again],
        call: String(UInt64.random(in: .min ... .max), radix: 16))
      try Self.show(start, workflow, isJSON: call[json])
      guard call[wait] || start.execution.status.hasEnded else {
        if !call[json] {
          workflow.output.message(
            "follow it, and record its run at the end: "
              + workflow.command("progress", options: [.grain, .training]))
        }
        return ExitCode.success
      }
      let followed = FollowedExecution(workflow: workflow, isJSON: call[json])
      let execution =
        call[wait]
        ? try followed.wait(for: start.execution.name, of: deployed) : start.execution
      return try followed.record(execution, compilation, fetches: !call[noFetch])
    }
  }

  private static func show(
    _ start: WorkflowDeployment.Start, _ workflow: WorkflowCall, isJSON: Bool
  ) throws {
    let execution = start.execution
    if isJSON {
      let isNew = if case .started = start { true } else { false }
      var members = WorkflowText.json(execution, of: workflow.name).object ?? [:]
      members["new"] = .bool(isNew)
      return try workflow.output.data(WorkflowText.lines([.object(members)]))
    }
    switch start {
    case .started: try workflow.output.data("started \(execution.name)\n")
    case .known:
      try workflow.output.data(
        "nothing started: \(execution.name), the same plan, \(execution.status.words)\n")
    case .lost:
      try workflow.output.data(
        "nothing started: another call started \(execution.name), the same plan, first\n")
    }
  }
}
