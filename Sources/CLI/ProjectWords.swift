// What the project knows of words that may stand at the cursor of a shell.
import Atelier
import CommandLine
import Configuration
import FeatureVerbs
import LocalStores
import Planning
import Project
import Regression
import StoreMaintenance
import Terminal

/// Answers the hidden verb `complete-words`, by which a shell asks what may stand at the cursor.
struct ProjectWords {
  private typealias Answer = CompletionWord

  private let question: CompletionQuestion
  private let tree: CommandTree<VerbContext>
  private let context: VerbContext
  private var current: String { question.current }

  /// Prints what fits the last of the words; silent where anything is wrong.
  static func answer(
    _ words: [String], _ tree: CommandTree<VerbContext>, _ context: VerbContext
  ) throws {
    let answers = tree.completions(words) { name, question in
      ProjectWords(question: question, tree: tree, context: context).words(name)
    }
    let fitting = answers.filter { $0 == .files || $0.word.hasPrefix(words.last ?? "") }
    try context.output.data(
      fitting.map { $0.meaning.isEmpty ? "\($0.word)\n" : "\($0.word)\t\($0.meaning)\n" }.joined())
  }

  /// The words of a named hint.
  private func words(_ name: String) -> [CompletionWord] {
    switch name {
    case "targets": targets(stages: true).filter { !question.positionals.contains($0.word) }
    case "steps": targets(stages: false).filter { !question.positionals.contains($0.word) }
    case "outputs": targets(stages: false) + outputs
    case "runs": runs
    case "latest-runs":
      [Answer("latest", "the newest run"), Answer("latest~1", "the one before")]
        + tags.map { Answer($0.word, "tag of \($0.meaning)") } + runs
    case "workshops": workshops
    case "baselines": baselines
    case "assignments": settings.map { Answer($0.word + "=", $0.meaning) }
    case "settings": settings
    case "tags": tags
    case "feature-groups": features
    default: []
    }
  }

  private var workshops: [CompletionWord] {
    // For features only those that keep some.
    context.workshops.filter { question.path.first != "features" || $0.keepsFeatures }
      .map { Answer($0.name, $0.summary) }
  }

  /// The call that the line makes so far of the global options.
  private var call: Call? {
    var line = ["list", "workshops"]
    let names = ["--project", "--directory", "-C", "--config", "--set", "--workshop", "-w"]
    let words = question.words
    for (position, word) in words.enumerated() where position + 1 < words.count {
      if names.contains(word) { line += [word, words[position + 1]] }
    }
    line += words.filter { word in names.contains { word.hasPrefix($0 + "=") } }
    guard case .run(_, let call)? = try? tree.parse(line) else { return nil }
    return call
  }

  /// A session for the project and the settings that the line names so far.
  private func session(_ targets: [String]) -> Session? {
    call.flatMap { try? Session($0, targets: targets, context) }
  }

  /// The workshop's name and a slash, as far as the current word has them.
  private var prefix: String {
    current.firstIndex(of: "/").map { String(current[...$0]) } ?? ""
  }

  /// The graph; a bucket is not queried while somebody types.
  private var graph: Graph? {
    let workshop = prefix.isEmpty ? [] : [String(prefix.dropLast())]
    return session(workshop).flatMap { try? $0.graph(isOffline: true) }
  }

  private func targets(stages: Bool) -> [CompletionWord] {
    var all: [Answer] = []
    if prefix.isEmpty, context.workshops.count > 1 {
      all += context.workshops.map { Answer("\($0.name)/", $0.summary) }
    }
    guard let graph else { return all }
    if stages {
      for stage in graph.stages {
        all += ([stage.name] + stage.aliases).map { Answer(prefix + $0, stage.summary) }
      }
    }
    var seen: Set<String> = []
    for node in graph.nodes {
      let base = Text.withoutNumber(node.name)
      // Numbers are offered once the name before them is written.
      let name = current.hasPrefix(prefix + base + ".") ? node.name : base
      guard seen.insert(name).inserted else { continue }
      all.append(
        Answer(prefix + name, node.step.map { "\($0.family).\($0.step)" } ?? node.kindName))
    }
    return all
  }

  /// `step.output` for the step that the current word begins with.
  private var outputs: [CompletionWord] {
    guard let dot = current.lastIndex(of: "."), let graph else { return [] }
    let name = String(current[..<dot].dropFirst(prefix.count))
    guard let first = Selection.steps(named: name, in: graph).first else { return [] }
    return graph.nodes[first].outputs.map { Answer("\(prefix)\(name).\($0.name)", $0.mediaType) }
  }

  private var settings: [CompletionWord] {
    (session([])?.declared ?? []).map { Answer("\($0.section).\($0.key)", $0.summary) }
  }

  private var baselines: [CompletionWord] {
    let workshops = context.workshops.map { $0.name }
    guard let session = session(question.positionals.filter(workshops.contains)) else { return [] }
    return CheckFile.names(session).map { Answer($0) }
  }

  /// The feature groups of this machine; a bucket is not queried while somebody types.
  private var features: [CompletionWord] {
    guard let call else { return [] }
    let places = context.workshops.filter { $0.keepsFeatures }.filter { workshop in
      (try? session([workshop.name])?.usesBucket()) == false
    }
    guard !places.isEmpty, let found = try? FeaturePlaces(call, context) else { return [] }
    return ((try? found.all()) ?? []).map { Answer($0.name, $0.workshop) }
  }

  private var tags: [CompletionWord] {
    guard let store = try? session([])?.store(readOnly: true),
      let tags = try? StoreTags(store).all()
    else { return [] }
    return tags.sorted { $0.key < $1.key }.map { Answer($0.key, $0.value.description) }
  }

  private var runs: [CompletionWord] {
    guard let store = try? session([])?.store(readOnly: true), let runs = try? store.runs.list()
    else { return [] }
    return runs.prefix(50).map { Answer($0.description) }
  }
}
