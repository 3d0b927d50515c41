// `atelier complete-words`: the hidden verb that a shell asks what may stand at the cursor.
import Atelier
import Engine
import LocalStores

enum CompleteWordsVerb {
  /// Prints what fits the last of the words; silent where anything is wrong.
  static func run(_ words: [String], _ house: House) -> Int32 {
    let completion = Completion(words, house)
    let answers = completion.answers().filter { answer in
      answer.word == Completion.files || answer.word.hasPrefix(words.last ?? "")
    }
    Console.data(
      answers.map { $0.meaning.isEmpty ? "\($0.word)\n" : "\($0.word)\t\($0.meaning)\n" }.joined())
    return ExitCode.fine
  }
}

/// What may stand at the end of a command line that is not finished.
struct Completion {
  typealias Answer = (word: String, meaning: String)

  /// Asks the shell to complete names of files by itself.
  static let files = ":files"

  private let words: [String]
  private let current: String
  private let house: House

  /// The words after the program's name; the last one, perhaps empty, is the one to complete.
  init(_ words: [String], _ house: House) {
    self.words = Array(words.dropLast())
    current = words.last ?? ""
    self.house = house
  }

  /// Every word that could stand there, also such as do not begin like the last one.
  func answers() -> [Answer] {
    guard let verb = words.first else { return verbs + [("--help", ""), ("--version", "")] }
    if verb == "help" { return words.count == 1 ? verbs : [] }
    guard let command = CommandSpec.named(verb), !command.isHidden else { return [] }
    let options = command.options + OptionSpec.common
    // Behind `--` stands another program's command line.
    if words.contains("--") { return [(Self.files, "")] }
    if let last = words.dropFirst().last, let option = Self.option(last, options),
      option.value != nil
    {
      return values(of: option)
    }
    if current.hasPrefix("--"), let equals = current.firstIndex(of: "="),
      let option = Self.option(String(current[..<equals]), options)
    {
      let head = current[...equals]
      return values(of: option).map {
        (Self.files == $0.word ? $0.word : head + $0.word, $0.meaning)
      }
    }
    if current.hasPrefix("-") { return options.map { ("--\($0.name)", $0.help) } }
    return arguments(of: command, after: positionals(options))
  }

  private var verbs: [Answer] {
    CommandSpec.all.filter { !$0.isHidden }.map { ($0.name, $0.summary) }
  }

  private static func option(_ word: String, _ options: [OptionSpec]) -> OptionSpec? {
    options.first { "--\($0.name)" == word || $0.short.map { "-\($0)" } == word }
  }

  /// The words so far that are neither options nor values of options.
  private func positionals(_ options: [OptionSpec]) -> [String] {
    var result: [String] = []
    var isValue = false
    for word in words.dropFirst() {
      if isValue {
        isValue = false
      } else if word.hasPrefix("-"), word != "-" {
        isValue = Self.option(word, options)?.value != nil
      } else {
        result.append(word)
      }
    }
    return result
  }

  private func values(of option: OptionSpec) -> [Answer] {
    switch option.name {
    case "config", "project", "junit", "model", "input", "output": [(Self.files, "")]
    case "baseline": baselines
    case "set": keys(ending: "=")
    case "against": runs
    case "workshop":
      house.workshops.filter { $0.keepsFeatures }.map { ($0.name, $0.summary) }
    default: option.choices.map { ($0, "") }
    }
  }

  private func arguments(of command: CommandSpec, after positionals: [String]) -> [Answer] {
    switch (command.name, positionals.count) {
    case ("diff", 0...1): [("latest", "the newest run"), ("latest~1", "the one before")] + runs
    case ("report", 0): [("latest", "the newest run")] + runs
    case ("check", 0), ("watch", 0), ("serve", 0), ("invoke", 0):
      house.workshops.map { ($0.name, $0.summary) }
    case ("list", 0): ListVerb.words.map { ($0, "") }
    case ("new", 0): NewVerb.words.map { ($0, "") }
    case ("store", 0): StoreVerb.allCases.map { ($0.rawValue, $0.summary) }
    case ("store", _) where ["push", "pull"].contains(positionals[0]):
      targets(stages: true).filter { !positionals.contains($0.word) }
    case ("store", 1) where positionals[0] == "untag": tags
    case ("store", 2) where positionals[0] == "tag": runs
    case ("features", 0): FeaturesVerb.allCases.map { ($0.rawValue, $0.summary) }
    case ("features", 1) where ["describe", "get"].contains(positionals[0]): features
    case ("stack", 0): StackVerb.words.map { ($0, "") }
    case ("completion", 0): CompletionVerb.shells.map { ($0, "") }
    case ("config", 0): [("get", "print values"), ("set", "rewrite config.ini")]
    case ("config", _): positionals[0] == "set" ? keys(ending: "=") : keys(ending: "")
    case ("run", _), ("status", _), ("graph", _), ("verify", _):
      targets(stages: true).filter { !positionals.contains($0.word) }
    case ("explain", _): targets(stages: false).filter { !positionals.contains($0.word) }
    case ("show", 0): targets(stages: false) + outputs
    case ("why", 0), ("log", 0), ("shell", 0): targets(stages: false)
    default: []
    }
  }

  // MARK: - What the project knows

  /// A session for the project and the settings that the line names so far.
  private func session(_ targets: [String]) -> Session? {
    (try? Arguments(["list"] + settings)).flatMap { try? Session($0, targets: targets, house) }
  }

  /// What the line says so far of the project and its settings.
  private var settings: [String] {
    var line: [String] = []
    for (position, word) in words.enumerated() where position + 1 < words.count {
      if ["--project", "--config", "--set"].contains(word) { line += [word, words[position + 1]] }
    }
    return line
      + words.filter { word in
        ["--project=", "--config=", "--set="].contains { word.hasPrefix($0) }
      }
  }

  /// The workshop's name and a slash, as far as the current word has them.
  private var prefix: String {
    current.firstIndex(of: "/").map { String(current[...$0]) } ?? ""
  }

  private var graph: Graph? {
    let workshop = prefix.isEmpty ? [] : [String(prefix.dropLast())]
    return session(workshop).flatMap { try? $0.graph() }
  }

  private func targets(stages: Bool) -> [Answer] {
    var all: [Answer] = []
    if prefix.isEmpty, house.workshops.count > 1 {
      all += house.workshops.map { ("\($0.name)/", $0.summary) }
    }
    guard let graph else { return all }
    if stages {
      for stage in graph.stages {
        all += ([stage.name] + stage.aliases).map { (prefix + $0, stage.summary) }
      }
    }
    var seen: Set<String> = []
    for node in graph.nodes {
      let base = Session.withoutNumber(node.name)
      // Numbers are offered once the name before them is written.
      let name = current.hasPrefix(prefix + base + ".") ? node.name : base
      guard seen.insert(name).inserted else { continue }
      all.append((prefix + name, node.step.map { "\($0.family).\($0.step)" } ?? node.kindName))
    }
    return all
  }

  /// `step.output` for the step that the current word begins with.
  private var outputs: [Answer] {
    guard let dot = current.lastIndex(of: "."), let graph else { return [] }
    let name = String(current[..<dot].dropFirst(prefix.count))
    guard let first = Selection.steps(named: name, in: graph).first else { return [] }
    return graph.nodes[first].outputs.map { ("\(prefix)\(name).\($0.name)", $0.mediaType) }
  }

  private func keys(ending: String) -> [Answer] {
    let settings = (session([])?.workshop ?? house.workshops.first)?.settings ?? []
    return (settings + EngineSettings.beside(settings))
      .map { ("\($0.section).\($0.key)\(ending)", $0.summary) }
  }

  private var baselines: [Answer] {
    let workshops = house.workshops.map { $0.name }
    guard let session = session(words.filter(workshops.contains)) else { return [] }
    return CheckFile.names(session).map { ($0, "") }
  }

  /// The feature groups of this machine; a bucket is not asked while somebody types.
  private var features: [Answer] {
    house.workshops.filter { $0.keepsFeatures }.flatMap { workshop -> [Answer] in
      guard let session = session([workshop.name]), (try? session.usesBucket()) == false,
        let line = try? Arguments(["features", "list", "--workshop", workshop.name] + settings),
        let places = try? FeaturePlaces(line, house)
      else { return [] }
      return ((try? places.all()) ?? []).map { ($0.name, workshop.name) }
    }
  }

  private var tags: [Answer] {
    guard let store = try? session([])?.store(readOnly: true),
      let tags = try? StoreTags(store).all()
    else { return [] }
    return tags.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
  }

  private var runs: [Answer] {
    guard let session = session([]), let graph = try? session.graph(),
      let selection = try? Selection([], in: graph),
      let environment = try? session.environment(graph, selection, readOnly: true),
      let runs = try? environment.store.runs.list()
    else { return [] }
    return runs.prefix(50).map { ($0.description, "") }
  }
}
