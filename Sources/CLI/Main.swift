// The program's entry: picks the verb, turns every error into text and an exit code.
import CSystem

@main
enum Main {
  static let version = "0.1.0"

  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    let code = run(words)
    if code == ExitCode.interrupted { cs_die_by(2) }
    if code == ExitCode.terminated { cs_die_by(15) }
    cs_exit(code)
  }

  private static func run(_ words: [String]) -> Int32 {
    switch words.first {
    case nil, "help", "--help", "-h":
      if words.count > 1, let command = CommandSpec.named(words[1]) {
        Console.data(Help.page(command))
      } else {
        Console.data(Help.overview(version: version))
      }
      return ExitCode.fine
    case "--version":
      Console.data("atelier \(version)\n")
      return ExitCode.fine
    case "worker": return WorkerCommand.run()
    default: break
    }
    do {
      let arguments = try Arguments(words)
      if arguments.has("help") {
        Console.data(Help.page(arguments.command))
        return ExitCode.fine
      }
      return try Verbs.run(arguments)
    } catch {
      Console.talk("atelier: \(error)")
      return ExitCode.of(error)
    }
  }
}
