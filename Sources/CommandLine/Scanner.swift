// Goes through the words of a command line and collects options. It knows no verb.

/// The words that are left, and what was read so far.
struct Scanner {
  private let globals: [any Parameter]
  private(set) var rest: ArraySlice<String>
  private(set) var values: [String: [any Sendable]] = [:]
  private(set) var positionals: [String] = []
  /// The words after `--`; nil where there is no such word.
  private(set) var separated: [String]?

  init(globals: [any Parameter], rest: ArraySlice<String>) {
    self.globals = globals
    self.rest = rest
  }

  /// The next word that is not an option; global options before it are read, and those in `own`.
  ///
  /// `place` is what errors call the command so far.
  mutating func nextWord(place: String, own: [any Parameter] = []) throws -> String? {
    while let word = rest.popFirst() {
      guard Self.isOption(word) else { return word }
      try read(word, own + globals, place)
    }
    return nil
  }

  var asksForHelp: Bool { values["help"] != nil }

  /// Reads all that is left as options of a verb and positional arguments.
  mutating func readAll(_ own: [any Parameter], place: String) throws {
    let options = own.filter { $0.description.count == nil } + globals
    let takesRest = own.contains { $0.description.takesRest }
    while let word = rest.popFirst() {
      if word == "--" {
        separated = Array(rest)
        rest = []
      } else if Self.isOption(word) {
        try read(word, options, place)
      } else {
        positionals.append(word)
        // Behind the first word stands another program's command line.
        if takesRest, positionals.count > 1 { break }
      }
    }
    positionals += rest
    rest = []
  }

  /// The request that --help or --version makes instead of a run.
  func special<Context>(_ topic: HelpTopic<Context>) throws -> Request<Context>? {
    if asksForHelp { return .help(topic) }
    return values["version"] != nil ? .version : nil
  }

  /// Whether a word looks like an option: a hyphen and more that is not a number.
  static func isOption(_ word: String) -> Bool {
    guard word.hasPrefix("-"), word != "-" else { return false }
    return Double(word) == nil
  }

  private mutating func read(
    _ word: String, _ options: [any Parameter], _ place: String
  ) throws {
    if word == "--" { return }
    if word.hasPrefix("--") {
      let parts = word.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts.first ?? "")
      guard let option = Self.find(name, options) else {
        let names = options.map(\.description.name)
        throw UsageError(
          "unknown option '--\(name)' for `\(place)`."
            + Suggestion.text(for: name, among: names, prefix: "--")
            + " See `\(place) --help`.")
      }
      return try add(option, inline: parts.count > 1 ? String(parts[1]) : nil, as: "--\(name)")
    }
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = options.first(where: { $0.description.short == String(letter) }) else {
        throw UsageError("unknown option '-\(letter)' for `\(place)`; see `\(place) --help`")
      }
      if option.description.placeholder == nil {
        try add(option, inline: nil, as: "-\(letter)")
      } else {
        let value = letters.first == "=" ? letters.dropFirst() : letters
        return try add(option, inline: letters.isEmpty ? nil : String(value), as: "-\(letter)")
      }
    }
  }

  private static func find(_ name: String, _ options: [any Parameter]) -> (any Parameter)? {
    options.first { $0.description.name == name || $0.description.aliases.contains(name) }
  }

  private mutating func add(
    _ option: any Parameter, inline: String?, as typed: String
  ) throws {
    let description = option.description
    if !description.repeats, let placeholder = description.placeholder,
      values[description.name] != nil
    {
      throw UsageError("--\(description.name) \(placeholder) is given twice")
    }
    values[description.name, default: []].append(
      try option.parse(value(of: description, inline: inline, as: typed)))
  }

  private mutating func value(
    of option: ParameterDescription, inline: String?, as typed: String
  ) throws -> String {
    guard let placeholder = option.placeholder else {
      if let inline {
        throw UsageError("\(typed) takes no value, but '\(inline)' was given")
      }
      return ""
    }
    if let inline { return inline }
    guard let next = rest.first else {
      throw UsageError("\(typed) needs a value: \(placeholder)")
    }
    guard !Self.isOption(next) else {
      throw UsageError(
        "\(typed) needs a value (\(placeholder)) and is followed by the option '\(next)'; "
          + "if that is the value, write --\(option.name)=\(next)")
    }
    rest.removeFirst()
    return next
  }
}
