// What the verbs of workflows share: options, the session, and the services.
import CommandLine
import Compile
import CompileVerbs
import Content
import Jobs
import Project
import Terminal
import Workflows

/// Options of the verbs of workflows.
enum WorkflowOptions {
  static let kind = Option<WorkflowKind>(
    "as", value: "KIND", "machine (default): Step Functions; pipeline: SageMaker Pipelines")
  static let name = Option(
    "name", value: "NAME",
    "the workflow's name (default: the workshop's, with the targets behind it)")
  static let execution = Option(
    "execution", value: "NAME", "the name of an execution (default: the newest)")
  static let limit = Option("limit", value: "N", in: 1...10_000, "how many (default: 20)")
  static let image = Option(
    "image", value: "IMAGE", "image of Atelier in a registry (default: [Jobs] image)")
  static let role = Option(
    "role", value: "ARN", "role of the containers (default: [Jobs] role)")
  static let trainingImage = Option(
    "training-image", value: "IMAGE",
    "image of the built-in algorithm (default: AWS's, by the region)")
  static let workflowRole = Option(
    "workflow-role", value: "ARN", "role of the workflow (default: [Jobs] workflow_role)")
}

/// What every verb of workflows works with.
struct WorkflowCall {
  let call: Call
  let session: Session
  let services: WorkflowServices
  let signals: Signals
  let kind: WorkflowKind
  /// The workflow's name.
  let name: String

  var output: Console { session.output }

  /// Runs `body`; an interruption ends it with the signal's code.
  ///
  /// `changes` tells whether the verb makes or removes anything; a debug build does so on this machine
  /// only.
  static func run(
    _ call: Call, _ context: VerbContext, targets: Argument, changes: Bool,
    _ body: (WorkflowCall) throws -> Int32
  ) throws -> Int32 {
    let session = try Session(call, targets: call[targets], context)
    let own = try session.workshop.nameOnAWS(session.configuration) ?? session.workshop.name
    let name = try call[WorkflowOptions.name] ?? WorkflowName.of(own, targets: session.targets)
    guard WorkflowName.isValid(name) else {
      throw UsageError(
        "--name takes up to 63 letters, digits and '-', the last at neither end, not '\(name)'")
    }
    return try Signals.guarding { signals in
      try session.checkWorkflowTargets()
      let services = try session.workflowServices(signals, changes: changes)
      do {
        return try body(
          WorkflowCall(
            call: call, session: session, services: services, signals: signals,
            kind: call[WorkflowOptions.kind] ?? .machine, name: name))
      } catch WorkflowFailure.interrupted(let advice) {
        context.output.error("atelier: interrupted; \(advice)")
        return signals.code
      }
    }
  }

  /// The service of the workflow's kind.
  var service: any WorkflowService {
    kind == .machine ? MachineService(services.machines) : PipelineService(services.sagemaker)
  }

  var deployment: WorkflowDeployment { WorkflowDeployment(service, services) }

  /// A command that a message proposes, with what this call says of the workflow and its plan.
  func command(_ verb: String, options: Set<PlanOption> = []) -> String {
    var words = "atelier workflow \(verb) \(target)"
    if kind != .machine { words += " --as \(kind.rawValue)" }
    if options.contains(.grain), let grain = call[CompileShared.grain] {
      words += " --grain \(grain.rawValue)"
    }
    if options.contains(.training), let training = call[CompileShared.training] {
      words += " --training \(training.rawValue)"
    }
    if let name = call[WorkflowOptions.name] { words += " --name \(name)" }
    // A value may be a secret, so none is repeated.
    let isSet = (try? call.assignments.isEmpty) == false
    return words + (isSet ? " (with the same --set)" : "")
  }

  /// Options that decide what a workflow does.
  enum PlanOption { case grain, training }

  /// The targets as somebody would type them.
  var target: String {
    session.targets.isEmpty
      ? session.workshop.name
      : session.targets.map { "\(session.workshop.name)/\($0)" }.joined(separator: " ")
  }

  /// The workflow, which must be there and ours.
  func workflow() throws -> DeployedWorkflow {
    guard let found = try deployment.own(name), !found.isGoing else {
      throw UsageError(
        "there is no \(kind.noun) \(name); type: \(command("deploy", options: [.grain, .training]))"
      )
    }
    return found
  }

  /// The execution that `--execution` names, else the newest.
  func execution(of workflow: DeployedWorkflow) throws -> WorkflowExecution {
    if let name = call[WorkflowOptions.execution] {
      let found = try asking(service.name) { try service.execution(name, of: workflow) }
      guard let found else {
        throw UsageError(
          "\(workflow.name) has no execution '\(name)'; executions are listed by: "
            + command("executions"))
      }
      return found
    }
    let newest = try asking(service.name) { try service.executions(of: workflow, most: 1) }
    guard let first = newest.first else {
      throw UsageError(
        "\(workflow.name) was never started; type: "
          + command("start", options: [.grain, .training]))
    }
    // A list of executions leaves out why one failed.
    let found = try asking(service.name) { try service.execution(first.name, of: workflow) }
    return found ?? first
  }
}

extension Session {
  /// Refuses a target that the workshop does not have.
  ///
  /// Where there is no graph, such as without the files that wiring reads, nothing is refused: what is
  /// deployed can still be stopped and deleted.
  func checkWorkflowTargets() throws {
    guard !targets.isEmpty, let graph = try? graph(isOffline: true) else { return }
    _ = try selection(graph)
  }

  /// Clients of the services behind workflows and endpoints, which end with the signals.
  func workflowServices(_ signals: Signals, changes: Bool) throws -> WorkflowServices {
    let services = try WorkflowServices(
      awsSettings(), isCancelled: { signals.token.isCancelled })
    if changes {
      for base in [services.machines.service.base, services.sagemaker.service.base] {
        try Self.refuseDebugBuild(base, "makes and removes workflows")
      }
    }
    return services
  }
}
