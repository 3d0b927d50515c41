// `atelier compile cloudformation`: a template with the state machine and its roles.
import CommandLine
import Compile
import Project
import States
import Templates
import Terminal

struct CompileTemplate: Verb {
  let name = "cloudformation"
  let summary = "a CloudFormation template: the state machine, its role and the role of its jobs"
  let details = """
    The template makes both roles, each with what it needs and no more; [Jobs] role is not used. It has
    a parameter Image where [Jobs] image is empty. Plan and requests of the jobs have to be in the bucket
    before an execution starts: --output writes them to the folder store, which is for the bucket.
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
    try CompileShared.run(call, context, targets) { input in
      let compiled = try CompiledTemplate(
        input.call.plan, grain: input.grain, training: input.call.training, input.settings)
      return CompiledText(
        text: compiled.document.indentedText + "\n", file: "template.json",
        jobs: compiled.machine.jobs,
        problems: compiled.problems)
    }
  }
}
