// `atelier compile`: the plan of a target, and documents of AWS that are made of it. Nothing runs, and
// no service is asked.
import CommandLine
import Compile
import Content
import Plans
import Project
import States
import Terminal

/// The verbs that print a plan and its documents.
package enum CompileVerbs {
  package static let group = VerbGroup<VerbContext>(
    "compile", "the graph as documents: a plan, a state machine, a pipeline, a template",
    details: """
      A plan is graph, settings and digests of sources as one document; the others are made of it. A
      stage is a processing job of SageMaker that runs Atelier itself against the store of
      [AWS] s3_bucket_name, so what ran there is a hit here and the reverse. Branches read the
      decision between two jobs. Nothing runs, no service is called, and no document holds a secret.
      [Jobs] names image, role and machines.
      """,
    verbs: [CompilePlan(), CompileMachine(), CompilePipeline(), CompileTemplate()])
}

/// What trains.
enum TrainingKind: String, CaseIterable {
  case atelier
  case builtIn = "built-in"
}

enum CompileShared {
  static let training = Option<TrainingKind>(
    "training", value: "KIND",
    "atelier (default): the workshop's own steps; built-in: SageMaker's algorithm")
  static let grain = Option<Grain>(
    "grain", value: "GRAIN", "a job for each step, each stage (default), or the whole")
  static let folder = Option(
    "output", short: "o", value: "DIR", completion: .files,
    "write it to a folder, with plan.json and the requests of its jobs")
}

struct CompilePlan: Verb {
  let name = "plan"
  let summary = "graph, settings without secrets, and digests of sources, with the digest of it all"
  let examples = [Example("atelier compile plan retail/validate", "what a run would do")]
  let targets = Shared.targets

  var parameters: [any Parameter] { [targets] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let plan = try CompileCall(call, targets: targets, context).plan
    try context.output.data(try plan.document.canonicalText() + "\n")
    return ExitCode.success
  }
}

struct CompileMachine: Verb {
  enum Format: String, CaseIterable { case json, svg, mermaid, dot }

  let name = "stepfunctions"
  let summary = "a state machine of Step Functions"
  let details = """
    Where [Jobs] image or role is empty, an execution must be started with Image or JobRole. A job
    that finds no machine waits and tries again; one that fails ends the execution with its own error.
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
    let compile = try CompileCall(
      call, targets: targets, context, training: call[training] ?? .atelier)
    let compiled = try CompileProblems.compiling {
      try CompiledMachine(
        compile.plan, grain: call[grain] ?? .stage, training: compile.training, compile.jobs())
    }
    try CompileProblems.check(
      compiled.jobs.flatMap(\.problems) + compiled.requests.flatMap(\.problems)
        + compiled.machine.problems().map(\.description),
      "the machine")
    let (text, file) =
      switch call[format] ?? .json {
      case .json: (compiled.machine.document, "machine.json")
      case .svg: (compiled.machine.svg, "machine.svg")
      case .mermaid: (compiled.machine.mermaid, "machine.mmd")
      case .dot: (compiled.machine.dot, "machine.dot")
      }
    if let path = call[folder] {
      try CompileFolder(path: path)
        .write(text, as: file, compile.plan, compiled.jobs, context.output)
    } else {
      try context.output.data(text)
    }
    return ExitCode.success
  }
}

/// What a compiled document's own check says: a mistake of the program, or a graph beyond a limit.
enum CompileProblems {
  /// Makes a document; what cannot be compiled is the user's to change.
  static func compiling<Document>(_ body: () throws -> Document) throws -> Document {
    do {
      return try body()
    } catch let error as CompileError {
      throw UsageError(error.description)
    }
  }

  static func check(_ problems: [String], _ document: String) throws {
    guard let first = problems.first else { return }
    throw UsageError(
      "\(document) would be refused: \(first)"
        + (problems.count > 1 ? ", and \(problems.count - 1) more" : ""))
  }
}
