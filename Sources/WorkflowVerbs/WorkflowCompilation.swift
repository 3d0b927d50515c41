// From a call to the document that is deployed: compiled, checked, and with all that it needs named.
import Atelier
import CommandLine
import Compile
import CompileVerbs
import Content
import Jobs
import Plans
import Project
import States
import Workflows

/// A workflow as it is to be, with what its jobs read.
struct WorkflowCompilation {
  let plan: Plan
  let document: WorkflowDocument
  let jobs: [CompiledJob]
  let settings: JobSettings
  /// The states for pictures.
  let overview: StateMachine?
  /// The session whose targets are those of the plan.
  let session: Session

  /// Compiles the targets of a call; `role` is nil where only the document is looked at.
  init(_ workflow: WorkflowCall, targets: Argument, needsRole: Bool = true) throws {
    let call = workflow.call
    let compile = try CompileCall(
      call, targets: targets, workflow.session.context,
      training: call[CompileShared.training] ?? .atelier)
    guard try workflow.session.sharedFolder() == nil else {
      throw UsageError(
        "[Atelier] shared names a folder, and jobs on AWS keep their results in the bucket; leave it "
          + "empty: --set Atelier.shared=")
    }
    session = compile.session
    plan = compile.plan
    let settings = try JobConfiguration(session: session, training: compile.training).settings()
    self.settings = settings
    let grain = call[CompileShared.grain] ?? .stage
    let role = try needsRole ? Self.role(call, session) : ""
    do {
      let machine = try? CompiledMachine(
        plan, grain: grain, training: compile.training, settings)
      overview = machine?.overview
      let (definition, parameters, problems): (String, [String], [String])
      switch workflow.kind {
      case .machine:
        let compiled = try CompiledMachine(
          plan, grain: grain, training: compile.training, settings)
        (definition, parameters) = (compiled.machine.document, compiled.input.members.keys.sorted())
        problems =
          compiled.jobs.flatMap(\.problems) + compiled.requests.flatMap(\.problems)
          + compiled.machine.problems().map(\.description)
        jobs = compiled.jobs
      case .pipeline:
        let compiled = try CompiledPipeline(
          plan, grain: grain, training: compile.training, settings)
        definition = try compiled.definition.document.canonicalText()
        (parameters, problems) = (compiled.definition.parameters, compiled.definition.problems())
        jobs = compiled.jobs
      }
      if let first = problems.first {
        throw UsageError("the \(workflow.kind.noun) would be refused: \(first)")
      }
      document = try WorkflowDocument(
        workflow.kind, name: workflow.name, definition: definition, role: role, plan: plan,
        isWhole: compile.training == nil, parameters: parameters, tags: settings.tags)
    } catch let error as CompileError {
      throw UsageError(error.description)
    }
  }

  /// The role that the workflow runs with.
  private static func role(_ call: Call, _ session: Session) throws -> String {
    let configured = try JobTable(reading: session.configuration).workflowRole
    let role = call[WorkflowOptions.workflowRole] ?? configured
    guard !role.isEmpty else {
      throw UsageError(
        "[Jobs] workflow_role is empty; name the role that the workflow runs with: --workflow-role "
          + "arn:aws:iam::<account>:role/<name>. `atelier compile cloudformation` prints one with "
          + "what it needs")
    }
    guard RequestOperation.isRole(role) else {
      throw UsageError(
        "\(call[WorkflowOptions.workflowRole] == nil ? "[Jobs] workflow_role" : "--workflow-role"): "
          + "expected arn:<partition>:iam::<account>:role/<name>, found '\(role)'")
    }
    return role
  }

  /// What an execution is started with, by the options of a call.
  ///
  /// Throws where one is missing, or given although the settings have it.
  func input(_ call: Call) throws -> [String: String] {
    let options: [(String, Option<String>, String)] = [
      (JobSettings.imageParameter, WorkflowOptions.image, "[Jobs] image"),
      (JobSettings.roleParameter, WorkflowOptions.role, "[Jobs] role"),
      (
        JobSettings.trainingImageParameter, WorkflowOptions.trainingImage,
        "the image of the algorithm"
      ),
    ]
    var input: [String: String] = [:]
    for (parameter, option, setting) in options {
      let given = call[option].flatMap { $0.isEmpty ? nil : $0 }
      let isNeeded = document.parameters.contains(parameter)
      let word = "--\(option.description.name)"
      if isNeeded, given == nil {
        throw UsageError("\(setting) is empty; set it, or give this execution one: \(word)")
      }
      if !isNeeded, given != nil {
        throw UsageError("\(setting) is set, or nothing needs it; leave out \(word)")
      }
      if let given { input[parameter] = given }
    }
    if let role = input[JobSettings.roleParameter], !RequestOperation.isRole(role) {
      throw UsageError(
        "--role: expected arn:<partition>:iam::<account>:role/<name>, found '\(role)'")
    }
    return input
  }
}
