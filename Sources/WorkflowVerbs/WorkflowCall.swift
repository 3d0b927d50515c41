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
    "image", value: "IMAGE", "image of Atelier in a registry, where [Jobs] image is empty")
  static let role = Option(
    "role", value: "ARN", "role of the containers, where [Jobs] role is empty")
  static let trainingImage = Option(
    "training-image", value: "IMAGE", "image of the built-in algorithm, where it is not known")
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

  /// ` --as pipeline` for commands that messages propose.
  var option: String { kind == .machine ? "" : " --as \(kind.rawValue)" }

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
        "there is no \(kind.noun) \(name); type: atelier workflow deploy \(target)\(option)")
    }
    return found
  }

  /// The execution that `--execution` names, else the newest.
  func execution(of workflow: DeployedWorkflow) throws -> WorkflowExecution {
    if let name = call[WorkflowOptions.execution] {
      let found = try asking(service.name) { try service.execution(name, of: workflow) }
      guard let found else {
        throw UsageError(
          "\(workflow.name) has no execution '\(name)'; atelier workflow executions \(target)"
            + "\(option) lists them")
      }
      return found
    }
    let newest = try asking(service.name) { try service.executions(of: workflow, most: 1) }
    guard let first = newest.first else {
      throw UsageError(
        "\(workflow.name) was never started; type: atelier workflow start \(target)\(option)")
    }
    // A list of executions leaves out why one failed.
    let found = try asking(service.name) { try service.execution(first.name, of: workflow) }
    return found ?? first
  }
}

extension Session {
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
