// The table of verbs: every example is a command line that is understood.
import Testing

@testable import CLI

@Suite struct CommandSpecTests {
  private static let shown = CommandSpec.all.filter { !$0.isHidden }

  @Test(arguments: shown.flatMap { command in command.examples.map { ($0.command, command.name) } })
  func everyExampleIsUnderstood(_ line: String, _ verb: String) throws {
    let start = try #require(line.firstRange(of: "atelier "))
    var words = line[start.upperBound...].prefix { !"|>)".contains($0) }
      .split(separator: " ").map(String.init)
    // Quotes are the shell's; for the parser one word more or less behind `--` is the same.
    words = words.map { $0.replacing("'", with: "") }
    #expect(try Arguments(words).command.name == verb)
  }

  @Test func everyVerbHasAnExampleAndOptionsWithHelp() {
    for command in Self.shown {
      #expect(!command.examples.isEmpty, "\(command.name)")
      #expect(!command.summary.isEmpty)
      for option in command.options { #expect(!option.help.isEmpty, "\(option.name)") }
      let names = (command.options + OptionSpec.common).map(\.name)
      #expect(Set(names).count == names.count, "\(command.name)")
    }
  }
}
