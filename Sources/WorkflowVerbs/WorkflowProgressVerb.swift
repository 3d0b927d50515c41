// `atelier workflow progress`: the states of an execution, as a table or in a picture.
import CommandLine
import CompileVerbs
import Content
import Project
import States
import Terminal
import Workflows

struct WorkflowProgress: Verb {
  enum Format: String, CaseIterable { case svg, mermaid, dot }

  let name = "progress"
  let summary = "the states of an execution: what ran, how long, and why it failed"
  let details = """
    --graph draws the workflow with its states in the colors of what became of them. Of an execution
    that has ended the run is recorded here, where the present sources and settings make the same
    plan.
    """
  let examples = [
    Example("atelier workflow progress churn", "the newest execution"),
    Example("atelier workflow progress churn --graph svg > churn.svg", "a picture of it"),
  ]
  let targets = Shared.targets
  let graph = Option<Format>("graph", value: "FORMAT", "a picture: svg, mermaid or dot")
  let execution = WorkflowOptions.execution
  let kind = WorkflowOptions.kind
  let grain = CompileShared.grain
  let training = CompileShared.training
  let workflowName = WorkflowOptions.name
  let noFetch = FollowedExecution.noFetch
  let json = Shared.json

  var parameters: [any Parameter] {
    [targets, graph, execution, kind, grain, training, workflowName, noFetch, json]
  }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try WorkflowCall.run(call, context, targets: targets, changes: false) { workflow in
      let deployed = try workflow.workflow()
      let found = try workflow.execution(of: deployed)
      let service = workflow.service
      let states = try asking(service.name) { try service.states(of: found) }
      if let format = call[graph] {
        let compilation = try WorkflowCompilation(workflow, targets: targets, for: .reading)
        if try !compilation.made(found, service) {
          workflow.output.message(
            "note: the picture is of the present plan, and \(found.name) ran another one")
        }
        try context.output.data(Self.picture(compilation.overview, states, format))
        return ExitCode.success
      }
      if call[json] {
        try context.output.data(
          WorkflowText.lines(
            [WorkflowText.json(found, of: deployed.name)] + states.map(WorkflowText.json)))
      } else {
        workflow.output.message(
          "\(deployed.name), execution \(found.name) \(found.status.words)")
        try context.output.data(WorkflowText.states(states))
      }
      guard found.status.hasEnded else { return ExitCode.success }
      return try record(found, workflow, call)
    }
  }

  private func record(
    _ found: WorkflowExecution, _ workflow: WorkflowCall, _ call: Call
  ) throws -> Int32 {
    let compilation: WorkflowCompilation
    do {
      compilation = try WorkflowCompilation(workflow, targets: targets, for: .reading)
    } catch {
      workflow.output.message("no run recorded, as there is no plan here: \(error)")
      return Self.code(of: found)
    }
    guard try compilation.made(found, workflow.service) else {
      workflow.output.message(
        "no run recorded: \(found.name) ran another plan than the present sources and settings make"
      )
      return Self.code(of: found)
    }
    return try FollowedExecution(workflow: workflow, isJSON: call[json])
      .record(found, compilation, fetches: !call[noFetch])
  }

  private static func code(of execution: WorkflowExecution) -> Int32 {
    execution.status == .succeeded ? ExitCode.success : ExitCode.stepFailed
  }

  /// The states of the overview in the colors of what became of those of the same name.
  private static func picture(
    _ overview: StateMachine?, _ states: [StateProgress], _ format: Format
  ) throws -> String {
    guard let overview else { throw UsageError("the plan has no picture") }
    // A pipeline's names have `-` where those of a machine have other characters.
    let known = Dictionary(
      states.map { (Self.plain($0.name), StateMark(rawValue: $0.status.rawValue)) },
      uniquingKeysWith: { $1 })
    var marks: [String: StateMark] = [:]
    for name in overview.allNames { marks[name] = known[Self.plain(name)] ?? nil }
    return switch format {
    case .svg: overview.svg(marking: marks)
    case .mermaid: overview.mermaid(marking: marks)
    case .dot: overview.dot(marking: marks)
    }
  }

  private static func plain(_ name: String) -> String {
    let plain = name.map { $0.isLetter || $0.isNumber ? $0 : "-" }
    return String(String(plain).reversed().drop { $0 == "-" }.reversed())
  }
}

extension WorkflowCompilation {
  /// Whether an execution did this plan, whoever started it.
  ///
  /// Definitions name the digest of their plan; the name of an execution that a trigger started says
  /// nothing of it.
  func made(_ execution: WorkflowExecution, _ service: any WorkflowService) throws -> Bool {
    if execution.name == document.executionName
      || execution.name.hasPrefix(document.executionName + "-")
    {
      return true
    }
    let definition = try asking(service.name) { try service.definition(of: execution) }
    return definition?.contains(plan.digest.hex) ?? false
  }
}
