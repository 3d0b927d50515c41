// The whole program over some workshops: picks the verb, turns every error into text and a code.
import Atelier
import AtelierStep
import CSystem
import CommandLine
import Execution
import JobRuns
import Project
import Terminal
import Workers

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The command line program, for an executable that names its workshops and steps.
public enum CommandLineProgram {
  package static let version = "0.2.0"

  /// Runs the verb of the process's arguments and ends the process.
  ///
  /// The first workshop is the one that targets without a workshop's name mean. `steps` are all
  /// steps that a worker of this executable can run. They are asked for only where a step runs: the
  /// runtime takes a while to make so many types.
  public static func main(
    workshops: [any Workshop.Type],
    steps: @autoclosure @escaping @Sendable () -> [any Step.Type]
  ) -> Never {
    cs_prepare_process()
    HiddenEnvironment.hide()
    let words = Array(ProcessArguments.all.dropFirst())
    let code: Int32
    if words.first == "worker" {
      code = WorkerCommand.run(StepCatalogue(steps()))
    } else if words.first == "step" {
      code = StepCommand.run(Array(words.dropFirst()), StepCatalogue(steps()))
    } else {
      code = run(
        words, workshops: workshops, steps: steps, sink: StandardStreams(),
        environment: ProcessInfo.processInfo.environment)
    }
    // Whoever waits for this process sees the signal itself.
    for signal: Int32 in [1, 2, 15] where code == ExitCode.signal(signal) { cs_die_by(signal) }
    cs_exit(code)
  }

  /// Runs the verb of some words with an output of the caller's, and gives the exit code.
  package static func run(
    _ words: [String], workshops: [any Workshop.Type],
    steps: @escaping @Sendable () -> [any Step.Type], sink: any OutputSink,
    environment: [String: String]
  ) -> Int32 {
    var output = Console(sink, environment: environment)
    let tree = Commands.tree(version: version)
    do {
      if words.first == "complete-words" {
        let context = VerbContext(
          workshops: workshops, steps: steps, verbs: { tree.names }, environment: environment,
          output: output)
        try ProjectWords.answer(Array(words.dropFirst()), tree, context)
        return ExitCode.success
      }
      if let first = words.first, JobCommand.names.contains(first) {
        return JobCommand.run(
          words,
          VerbContext(
            workshops: workshops, steps: steps, verbs: { tree.names }, environment: environment,
            output: output))
      }
      switch try tree.parse(AccountWords.chosen(words)) {
      case .version: try output.data("atelier \(version)\n")
      case .markdown: try output.data(tree.markdown())
      case .help(let topic): try output.data(tree.page(topic, width: output.width ?? 80))
      case .run(let verb, let call):
        output = Console(
          sink, environment: environment, isQuiet: call.isQuiet, color: call.color)
        return try verb.run(
          call,
          VerbContext(
            workshops: workshops, steps: steps, verbs: { tree.names }, environment: environment,
            output: output))
      }
      return ExitCode.success
    } catch {
      let exit = ErrorExit(error)
      if let message = exit.message { output.error("atelier: \(message)") }
      return exit.code
    }
  }
}
