// `atelier compile cloudformation`: a template with the state machine and its roles.
import CommandLine
import Compile
import Content
import Plans
import Project
import States
import Terminal

struct CompileTemplate: Verb {
  let name = "cloudformation"
  let summary = "a CloudFormation template: the state machine, its role and the role of its jobs"
  let details = """
    The template makes both roles, each with what it needs and no more; [Jobs] role is not used. It has
    a parameter Image where [Jobs] image is empty. The requests of the jobs have to be in the bucket
    before an execution starts: --output writes them.
    """
  let examples = [
    Example("atelier compile cloudformation churn -o churn-aws", "template, plan and requests")
  ]
  let targets = Shared.targets
  let grain = CompileShared.grain
  let training = CompileShared.training
  let folder = CompileShared.folder

  var parameters: [any Parameter] { [targets, grain, training, folder] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let compile = try CompileCall(
      call, targets: targets, context, training: call[training] ?? .atelier)
    let compiled = try CompileProblems.compiling {
      try CompiledTemplate(
        compile.plan, grain: call[grain] ?? .stage, training: compile.training, compile.jobs())
    }
    try CompileProblems.check(
      compiled.machine.machine.problems().map(\.description)
        + TemplateProblems.problems(in: compiled.document), "the template")
    let text = compiled.document.indentedText + "\n"
    if let path = call[folder] {
      try CompileFolder(path: path)
        .write(
          text, as: "template.json", compile.plan, compiled.machine.jobs, context.output)
    } else {
      try context.output.data(text)
    }
    return ExitCode.success
  }
}
