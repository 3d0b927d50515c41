// `atelier store`: what is done to a store as a whole.
import Content
import Engine
import LocalStores

/// The verbs of a store: `atelier store WORD`.
enum StoreVerb: String, CaseIterable {
  case push, pull, fsck, gc, tag, untag

  /// What it does, in a few words.
  var summary: String {
    switch self {
    case .push: "send what the bucket lacks"
    case .pull: "fetch what a run needs, so that it works offline"
    case .fsck: "look for damage, put it aside and name what runs again"
    case .gc: "remove what nobody needs; without --delete only say it"
    case .tag: "name a run, so that gc keeps its results"
    case .untag: "forget the name of a run"
    }
  }

  /// Options beside those that all verbs take.
  private var options: Set<String> {
    switch self {
    case .push, .pull: ["all", "json"]
    case .fsck: ["remote", "dry-run", "json"]
    case .gc: ["delete", "keep-runs", "max-size", "max-age", "remote", "json"]
    case .tag, .untag: ["json"]
    }
  }

  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let word = arguments.positionals[0]
    let words = allCases.map(\.rawValue)
    guard let verb = Self(rawValue: word) else {
      throw UsageError(
        "`atelier store` takes \(words.joined(separator: ", ")), not '\(word)'."
          + Suggestion.text(for: word, among: words))
    }
    for option in arguments.command.options
    where arguments.has(option.name) && !verb.options.contains(option.name) {
      throw UsageError(
        "`atelier store \(word)` has no option '--\(option.name)'; see `atelier store --help`")
    }
    let rest = Array(arguments.positionals.dropFirst())
    let call = StoreCall(arguments: arguments, words: rest, house: house)
    if [.fsck, .gc].contains(verb), let first = rest.first {
      throw UsageError("`atelier store \(word)` takes no argument, so not '\(first)'")
    }
    switch verb {
    case .push: return try StorePush.run(call)
    case .pull: return try StorePull.run(call)
    case .fsck: return try StoreFsck.run(call)
    case .gc: return try StoreGC.run(call)
    case .tag: return try StoreTagging.tag(call)
    case .untag: return try StoreTagging.untag(call)
    }
  }
}

/// One call of a verb of the store.
struct StoreCall {
  let arguments: Arguments
  /// The words after the verb.
  let words: [String]
  let house: House

  var isJSON: Bool { arguments.has("json") }

  /// A session that needs no graph.
  func session(targets: [String] = []) throws -> Session {
    try Session(arguments, targets: targets, house)
  }

  /// Prints an event as `--json` has it.
  func event(_ name: String, _ fields: [String: JSONValue]) throws {
    let head: [String: JSONValue] = ["v": 1, "event": .string(name)]
    Console.data(try JSONValue.object(head.merging(fields) { $1 }).canonicalText() + "\n")
  }
}

extension Session {
  /// The local store of a verb that needs nothing else.
  func store(readOnly: Bool, alone: Bool = false) throws -> LocalStore {
    try LocalStore.open(
      root: try storeRoot(), readOnly: readOnly, alone: alone, waiting: Self.sayWaiting)
  }

  /// Says why nothing happens yet.
  static func sayWaiting() {
    Console.talk("note: waiting for the end of `atelier store gc`")
  }
}
