// `atelier compile pipeline`: a definition of SageMaker Pipelines.
import CommandLine
import Compile
import Content
import Plans
import Project
import Terminal

struct CompilePipeline: Verb {
  let name = "pipeline"
  let summary = "a definition of SageMaker Pipelines"
  let details = """
    Where [Jobs] image or role is empty, the pipeline has a parameter Image or JobRole. No step uses
    the cache of Pipelines, whose key holds the place of an input and not its bytes.
    """
  let examples = [Example("atelier compile pipeline abalone/train", "the definition")]
  let targets = Shared.targets
  let grain = CompileShared.grain
  let training = CompileShared.training
  let folder = CompileShared.folder

  var parameters: [any Parameter] { [targets, grain, training, folder] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let compile = try CompileCall(
      call, targets: targets, context, training: call[training] ?? .atelier)
    let compiled = try CompileProblems.compiling {
      try CompiledPipeline(
        compile.plan, grain: call[grain] ?? .stage, training: compile.training, compile.jobs())
    }
    try CompileProblems.check(compiled.definition.problems(), "the pipeline")
    let text = compiled.definition.document.indentedText + "\n"
    if let path = call[folder] {
      try CompileFolder(path: path)
        .write(text, as: "pipeline.json", compile.plan, compiled.jobs, context.output)
    } else {
      try context.output.data(text)
    }
    return ExitCode.success
  }
}
