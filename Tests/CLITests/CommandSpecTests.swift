// The table of verbs: every example is a command line that is understood.
import Testing

@testable import CLI

@Suite struct CommandSpecTests {
  private static let shown = CommandSpec.all.filter { !$0.isHidden }

  @Test(arguments: shown.flatMap { command in command.examples.map { ($0.command, command.name) } })
  func everyExampleIsUnderstood(_ line: String, _ verb: String) throws {
    #expect(try Arguments(Self.words(line)).command.name == verb)
  }

  /// The words of the call of atelier in a line of the shell, as the shell would split it.
  private static func words(_ line: String) throws -> [String] {
    let start = try #require(line.firstRange(of: "atelier "))
    var words: [String] = []
    var (word, quote): (String?, Character?) = (nil, nil)
    for character in line[start.upperBound...] {
      switch (character, quote) {
      case (let end, let open?) where end == open: quote = nil
      case (_, .some): word = (word ?? "") + String(character)
      case ("'", nil), ("\"", nil):
        quote = character
        word = word ?? ""
      case ("|", nil), (">", nil), (")", nil), ("<", nil), (";", nil), ("&", nil):
        return words + [word].compactMap { $0 }
      case (" ", nil):
        words += [word].compactMap { $0 }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    try #require(quote == nil, "a quote is open in: \(line)")
    return words + [word].compactMap { $0 }
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
