// Parses a command line against the table of verbs.

/// A mistake on the command line or in the configuration: exit code 2.
struct UsageError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A parsed command line.
struct Arguments: Sendable {
  let command: CommandSpec
  let positionals: [String]
  private let values: [String: [String]]

  func value(_ option: String) -> String? { values[option]?.last }
  func all(_ option: String) -> [String] { values[option] ?? [] }
  func has(_ option: String) -> Bool { values[option] != nil }

  /// The value of an option as a whole number in a range.
  func integer(_ option: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = value(option) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw UsageError(
        "--\(option) takes a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'"
      )
    }
    return number
  }

  /// Parses the words after the program's name.
  init(_ words: [String]) throws {
    guard let verb = words.first else { throw UsageError("which verb? See `atelier --help`.") }
    guard let command = CommandSpec.named(verb) else {
      throw UsageError(CommandSpec.unknown(verb))
    }
    self.command = command
    var positionals: [String] = []
    var values: [String: [String]] = [:]
    var rest = words.dropFirst()
    var onlyPositionals = false
    while let word = rest.popFirst() {
      if onlyPositionals || word == "-" || !word.hasPrefix("-") {
        positionals.append(word)
      } else if word == "--" {
        onlyPositionals = true
      } else {
        let (option, inline) = try Self.option(word, of: command)
        let value = try Self.value(of: option, inline: inline, rest: &rest)
        if !option.repeats, values[option.name] != nil {
          throw UsageError("--\(option.name) is given twice")
        }
        values[option.name, default: []].append(value)
      }
    }
    self.positionals = positionals
    self.values = values
    if values["help"] == nil, !command.count.contains(positionals.count) {
      throw UsageError(
        "`atelier \(command.name)` takes \(command.arguments.isEmpty ? "no argument" : command.arguments); "
          + "see `atelier \(command.name) --help`")
    }
  }

  private static func option(
    _ word: String, of command: CommandSpec
  ) throws -> (OptionSpec, inline: String?) {
    let options = command.options + OptionSpec.common
    if word.hasPrefix("--") {
      let parts = word.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts.first ?? "")
      if let option = options.first(where: { $0.name == name }) {
        return (option, parts.count > 1 ? String(parts[1]) : nil)
      }
      let hint = Suggestion.text(for: name, among: options.map(\.name), prefix: "--")
      throw UsageError("`atelier \(command.name)` has no option '--\(name)'." + hint)
    }
    let letter = String(word.dropFirst().prefix(1))
    guard let option = options.first(where: { $0.short == letter }) else {
      throw UsageError(
        "`atelier \(command.name)` has no option '\(word)'; see `atelier \(command.name) --help`")
    }
    let inline = String(word.dropFirst(2))
    return (option, inline.isEmpty ? nil : inline)
  }

  private static func value(
    of option: OptionSpec, inline: String?, rest: inout ArraySlice<String>
  ) throws -> String {
    guard let placeholder = option.value else {
      if let inline { throw UsageError("--\(option.name) takes no value, so not '\(inline)'") }
      return ""
    }
    guard let value = inline ?? rest.popFirst() else {
      throw UsageError("--\(option.name) needs a value: \(placeholder)")
    }
    if !option.choices.isEmpty, !option.choices.contains(value) {
      throw UsageError(
        "--\(option.name) takes \(option.choices.joined(separator: ", ")), not '\(value)'."
          + Suggestion.text(for: value, among: option.choices))
    }
    return value
  }
}
