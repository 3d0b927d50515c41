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

  /// What an execution is started with; empty where none is started.
  let input: [String: String]

  /// What a compilation is for, and so what it needs.
  enum Purpose { case reading, deployment, start }

  /// Compiles the targets of a call; `missing` is what the caller knows to be missing besides.
  ///
  /// All settings that are missing for the purpose are in one error.
  init(
    _ workflow: WorkflowCall, targets: Argument, for purpose: Purpose,
    missing others: [MissingSetting] = []
  ) throws {
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
    let given = try GivenExecution(call, session)
    if compile.training == nil { try given.refuseTrainingImage() }
    let settings = given.over(
      try JobConfiguration(session: session, training: compile.training).settings())
    self.settings = settings
    let role = purpose == .reading ? "" : try Self.role(call, session)
    let grain = call[CompileShared.grain] ?? .stage
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
        workflow.kind, name: workflow.name, definition: definition, role: role ?? "", plan: plan,
        store: "s3://\(settings.bucket)/\(settings.prefix)", isWhole: compile.training == nil,
        parameters: parameters, tags: settings.tags)
    } catch let error as CompileError {
      throw UsageError(error.description)
    }
    var missing = role == nil ? [MissingSetting.workflowRole] : []
    input = purpose == .start ? try given.input(document.parameters, missing: &missing) : [:]
    missing += others
    guard missing.isEmpty else { throw MissingSetting.error(missing) }
  }

  /// The role that the workflow runs with; nil where none is named.
  private static func role(_ call: Call, _ session: Session) throws -> String? {
    let configured = try JobTable(reading: session.configuration).workflowRole
    let role = call[WorkflowOptions.workflowRole] ?? configured
    guard !role.isEmpty else { return nil }
    guard RequestOperation.isRole(role) else {
      throw UsageError(
        "\(call[WorkflowOptions.workflowRole] == nil ? "[Jobs] workflow_role" : "--workflow-role"): "
          + "expected arn:<partition>:iam::<account>:role/<name>, found '\(role)'")
    }
    return role
  }
}
