// Reads a command line by the tree of verbs. It runs nothing and prints nothing.

/// What a command line asks for.
package enum Request<Context>: Sendable {
  case run(any Verb<Context>, Call)
  /// A page of help: the overview, a group's, or a verb's.
  case help(HelpTopic<Context>)
  /// The reference of all verbs as Markdown.
  case markdown
  case version
}

/// What a page of help is about.
package enum HelpTopic<Context>: Sendable {
  case program
  case group(VerbGroup<Context>)
  case verb(path: [String], any Verb<Context>)
}

extension CommandTree {
  /// Parses the words after the program's name.
  ///
  /// Throws `UsageError`. Global options may stand before or after the verb; flags of one letter may
  /// be joined (`-nk`), and a value may follow its option's letter (`-j4`) or an equals sign. A word
  /// that looks like an option is never taken as a value: write `--option=-value`.
  package func parse(_ words: [String]) throws -> Request<Context> {
    var scanner = Scanner(globals: globalParameters, rest: words[...])
    guard let first = try scanner.nextWord(place: program) else {
      return try scanner.special(.program) ?? .help(.program)
    }
    if first == "help" {
      if scanner.rest.contains("--markdown") { return .markdown }
      var words: [String] = []
      while let word = try scanner.nextWord(place: "\(program) help") { words.append(word) }
      return .help(try topic(words))
    }
    guard let node = node(first) else {
      guard let short = verb(shortForm: first) else { throw UsageError(unknown(first)) }
      return try finish(short.verb, path: short.path, &scanner)
    }
    switch node {
    case .verb(let verb): return try finish(verb, path: [first], &scanner)
    case .group(let group): return try parse(group, &scanner)
    }
  }

  private func parse(
    _ group: VerbGroup<Context>, _ scanner: inout Scanner
  ) throws -> Request<Context> {
    let first = group.name
    if let standard = group.standard {
      // The standard verb's own options may come where another verb's word would.
      var probe = scanner
      if try probe.nextWord(place: "\(program) \(first)", own: standard.parameters) == nil {
        if probe.asksForHelp { return .help(.group(group)) }
        return try finish(standard, path: [first, standard.name], &scanner)
      }
    }
    guard let second = try scanner.nextWord(place: "\(program) \(first)") else {
      if let special: Request<Context> = try scanner.special(.group(group)) { return special }
      throw UsageError("missing command: " + choices(group))
    }
    guard let verb = group.verbs.first(where: { $0.name == second }) else {
      throw UsageError(
        "unknown command '\(first) \(second)'."
          + Suggestion.text(for: second, among: group.verbs.map(\.name), prefix: "\(first) ")
          + " " + choices(group))
    }
    return try finish(verb, path: [first, second], &scanner)
  }

  private func choices(_ group: VerbGroup<Context>) -> String {
    "`\(program) \(group.name)` takes "
      + group.verbs.filter { !$0.isHidden }.map(\.name).joined(separator: ", ")
      + "; see `\(program) \(group.name) --help`"
  }

  private func finish(
    _ verb: any Verb<Context>, path: [String], _ scanner: inout Scanner
  ) throws -> Request<Context> {
    let name = ([program] + path).joined(separator: " ")
    let own = verb.parameters
    try scanner.readAll(own, place: name)
    if let special: Request<Context> = try scanner.special(.verb(path: path, verb)) {
      return special
    }
    let arguments = own.map(\.description).filter { $0.count != nil }
    let words = try Self.distribute(scanner.positionals, scanner.separated, arguments, name)
    return .run(verb, Call(path: path, values: scanner.values, words: words))
  }

  /// What `help` is asked about.
  private func topic(_ words: [String]) throws -> HelpTopic<Context> {
    guard let first = words.first else { return .program }
    switch node(first) {
    case nil:
      guard let short = verb(shortForm: first) else { throw UsageError(unknown(first)) }
      return .verb(path: short.path, short.verb)
    case .verb(let verb): return .verb(path: [first], verb)
    case .group(let group):
      guard words.count > 1 else { return .group(group) }
      guard let verb = group.verbs.first(where: { $0.name == words[1] }) else {
        throw UsageError("unknown command '\(first) \(words[1])'. " + choices(group))
      }
      return .verb(path: [first, verb.name], verb)
    }
  }

  /// What is said of a verb that does not exist.
  private func unknown(_ word: String) -> String {
    "unknown command '\(word)'." + Suggestion.text(for: word, among: names + ["help"])
      + " `\(program) --help` lists the commands."
  }

  /// Gives each positional argument its words: each its least count first, then from the left.
  private static func distribute(
    _ words: [String], _ separated: [String]?, _ arguments: [ParameterDescription], _ name: String
  ) throws -> [String: [String]] {
    var plain = words
    var result: [String: [String]] = [:]
    if let separated {
      // Words after `--` are plain ones unless an argument wants them for itself.
      if let rest = arguments.first(where: \.takesRest) {
        result[rest.name] = separated
      } else {
        plain += separated
      }
    }
    let counts = arguments.map { $0.count ?? 0...0 }
    let usage = arguments.compactMap(\.placeholder).joined(separator: " ")
    var left = plain[...]
    for (position, argument) in arguments.enumerated() {
      let later = counts[(position + 1)...].reduce(0) { $0 + $1.lowerBound }
      let own = result[argument.name] ?? []
      let least = max(0, counts[position].lowerBound - own.count)
      let taken = min(max(0, counts[position].upperBound - own.count), max(0, left.count - later))
      guard taken >= least else {
        throw UsageError(
          "missing argument: \(argument.placeholder ?? argument.name); "
            + "`\(name)` takes \(usage), see `\(name) --help`")
      }
      result[argument.name] = Array(left.prefix(taken)) + own
      left = left.dropFirst(taken)
    }
    if let extra = left.first {
      throw UsageError(
        "unexpected argument '\(extra)': `\(name)` takes "
          + (usage.isEmpty ? "no arguments" : usage) + "; see `\(name) --help`")
    }
    return result
  }
}
