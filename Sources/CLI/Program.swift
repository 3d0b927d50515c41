// The whole program over some workshops: picks the verb, turns every error into text and a code.
import Atelier
import AtelierStep
import CSystem
import Engine

/// The command line program, for an executable that names its workshops and steps.
public enum CommandLineProgram {
  static let version = "0.1.0"

  /// Runs the verb of the process's arguments and ends the process.
  ///
  /// The first workshop is the one that targets without a workshop's name mean. `steps` are all
  /// steps that a worker of this executable can run.
  /// They are asked for only where a step runs: the runtime takes a while to make so many types.
  public static func main(
    workshops: [any Workshop.Type],
    steps: @autoclosure @escaping @Sendable () -> [any Step.Type]
  ) -> Never {
    HiddenEnvironment.hide()
    let house = House(workshops: workshops, steps: steps)
    let code = run(Array(CommandLine.arguments.dropFirst()), house)
    if code == ExitCode.interrupted { cs_die_by(2) }
    if code == ExitCode.terminated { cs_die_by(15) }
    cs_exit(code)
  }

  /// The overview, or the page of a verb.
  private static func help(_ verb: String?) -> Int32 {
    guard let verb else {
      Console.data(Help.overview(version: version))
      return ExitCode.fine
    }
    guard let command = CommandSpec.named(verb) else {
      Console.talk("atelier: \(CommandSpec.unknown(verb))")
      return ExitCode.usage
    }
    Console.data(Help.page(command))
    return ExitCode.fine
  }

  private static func run(_ words: [String], _ house: House) -> Int32 {
    switch words.first {
    case nil, "help", "--help", "-h":
      return help(words.dropFirst().prefix(1).first { !$0.hasPrefix("-") })
    case "--version":
      Console.data("atelier \(version)\n")
      return ExitCode.fine
    case "worker": return WorkerCommand.run(house)
    case "complete-words": return CompleteWordsVerb.run(Array(words.dropFirst()), house)
    default: break
    }
    do {
      let arguments = try Arguments(words)
      if arguments.has("help") {
        Console.data(Help.page(arguments.command))
        return ExitCode.fine
      }
      return try Verbs.run(arguments, house)
    } catch {
      Console.talk("atelier: \(error)")
      return ExitCode.of(error)
    }
  }
}

/// The workshops and steps of the executable.
struct House: Sendable {
  let workshops: [any Workshop.Type]
  let steps: @Sendable () -> [any Step.Type]

  /// Every step that a worker can run.
  var catalogue: StepCatalogue { StepCatalogue(steps()) }
}
