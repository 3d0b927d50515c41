// What the verbs for documents of AWS share: options, the making of a document, and where it goes.
import Atelier
import CommandLine
import Compile
import Project
import Terminal

/// A document of AWS as a text, with what its own check says.
struct CompiledText {
  let text: String
  /// The file's name in a folder.
  let file: String
  let jobs: [CompiledJob]
  /// What would be refused: a mistake of the program, or a graph beyond a limit.
  let problems: [String]
}

/// What trains.
package enum TrainingKind: String, CaseIterable {
  case atelier
  case builtIn = "built-in"
}

/// What a document is made of.
struct CompileInput {
  let call: CompileCall
  let grain: Grain
  let settings: JobSettings
}

/// The options of the verbs for documents of AWS.
package enum CompileShared {
  package static let training = Option<TrainingKind>(
    "training", value: "KIND",
    "atelier (default): the workshop's own steps; built-in: SageMaker's algorithm")
  package static let grain = Option<Grain>(
    "grain", value: "GRAIN", "a job for each step, each stage (default), or the whole")
  static let folder = Option(
    "output", short: "o", value: "DIR", completion: .files,
    "write it to a folder, with the plan and the requests of its jobs for the bucket")

  /// Makes a document, checks it, and prints it or writes it with all that it needs to a folder.
  static func run(
    _ call: Call, _ context: VerbContext, _ targets: Argument,
    _ make: (CompileInput) throws -> CompiledText
  ) throws -> Int32 {
    if let path = call[folder], path.isEmpty {
      throw UsageError("--output needs the name of a folder, and it is empty")
    }
    let compile = try CompileCall(
      call, targets: targets, context, training: call[training] ?? .atelier)
    let input = CompileInput(
      call: compile, grain: call[grain] ?? .stage,
      settings: try JobConfiguration(session: compile.session, training: compile.training)
        .settings())
    let made: CompiledText
    do {
      made = try make(input)
    } catch let error as CompileError {
      throw UsageError(error.description)
    }
    if let first = made.problems.first {
      let more = made.problems.count - 1
      throw UsageError(
        "\(made.file) would be refused: \(first)" + (more > 0 ? ", and \(more) more" : ""))
    }
    if let path = call[folder] {
      try CompileFolder(path: path)
        .write(made.text, as: made.file, compile.plan, made.jobs, context.output)
    } else {
      try context.output.data(made.text)
    }
    return ExitCode.success
  }
}
