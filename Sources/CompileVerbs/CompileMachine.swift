// `atelier compile stepfunctions`: a state machine.
import CommandLine
import Compile
import Project
import States
import Terminal

struct CompileMachine: Verb {
  enum Format: String, CaseIterable { case json, svg, mermaid, dot }

  let name = "stepfunctions"
  let summary = "a state machine of Step Functions"
  let details = """
    Where [Jobs] image or role is empty, an execution must be started with Image or JobRole. A job
    that finds no machine waits and tries again; one that fails ends the execution with its own error.
    Pictures leave out both.
    """
  let examples = [
    Example("atelier compile stepfunctions churn", "the definition"),
    Example("atelier compile stepfunctions churn --format svg > churn.svg", "a picture of it"),
  ]
  let targets = Shared.targets
  let grain = CompileShared.grain
  let training = CompileShared.training
  let format = Option<Format>("format", value: "FORMAT", "json (default), svg, mermaid or dot")
  let folder = CompileShared.folder

  var parameters: [any Parameter] { [targets, grain, training, format, folder] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try CompileShared.run(call, context, targets) { input in
      let compiled = try CompiledMachine(
        input.call.plan, grain: input.grain, training: input.call.training, input.settings)
      let machine = compiled.machine
      let (text, file) =
        switch call[format] ?? .json {
        case .json: (machine.document, "machine.json")
        case .svg: (compiled.overview.svg, "machine.svg")
        case .mermaid: (compiled.overview.mermaid, "machine.mmd")
        case .dot: (compiled.overview.dot, "machine.dot")
        }
      return CompiledText(
        text: text, file: file, jobs: compiled.jobs,
        problems: compiled.jobs.flatMap(\.problems) + compiled.requests.flatMap(\.problems)
          + machine.problems().map(\.description))
    }
  }
}
