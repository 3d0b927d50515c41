// `atelier compile pipeline`: a definition of SageMaker Pipelines.
import CommandLine
import Compile
import Project
import States
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
    try CompileShared.run(call, context, targets) { input in
      let compiled = try CompiledPipeline(
        input.call.plan, grain: input.grain, training: input.call.training, input.settings)
      return CompiledText(
        text: compiled.definition.document.indentedText + "\n", file: "pipeline.json",
        jobs: compiled.jobs, problems: compiled.definition.problems())
    }
  }
}
