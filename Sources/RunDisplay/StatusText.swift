// The status of nodes as lines for people and for programs.
import Content
import Execution
import Planning
import Terminal

package enum StatusText {
  /// One line per node; `reasons` gives the known changes of a node that waits.
  package static func text(
    _ standings: [NodeStanding], all: Bool, reasons: (NodeStanding) -> [FieldChange] = { _ in [] }
  ) -> String {
    var lines = ""
    // A missing program breaks many nodes in the same way: its words once are enough.
    var told: [String: String] = [:]
    for standing in standings where all || standing.isDue {
      var word: String
      switch standing.standing {
      case .current: word = "current"
      case .willRun(let explanation): word = "will run  \(explanation.headline)"
      case .waits(let names):
        word =
          "waits     for \(names.prefix(3).joined(separator: ", "))"
          + (names.count > 3 ? " and \(names.count - 3) more" : "")
        let known = reasons(standing)
        if !known.isEmpty {
          word += "; " + Explanation(cause: .changed, changes: known).headline
        }
      case .source: word = "source"
      case .notTaken: word = "not taken"
      case .follows: word = "follows its input"
      case .broken(let problem):
        word = "BROKEN    " + (told[problem].map { "as \($0)" } ?? problem)
        if told[problem] == nil { told[problem] = standing.name }
      }
      let seconds = standing.lastSeconds.map { Text.padLeft(Text.seconds($0), 9) } ?? "         "
      lines += Text.pad(standing.name, 24) + " " + seconds + "  " + word + "\n"
    }
    return lines
  }

  /// One line of JSON per node.
  package static func json(_ standings: [NodeStanding]) throws -> String {
    try standings.map { standing in
      var fields: [String: JSONValue] = [
        "v": 1, "event": "status", "step": .string(standing.name),
        "status": .string(standing.word),
      ]
      if let key = standing.key { fields["key"] = .string(key.description) }
      if let seconds = standing.lastSeconds { fields["lastSeconds"] = .number(seconds) }
      switch standing.standing {
      case .willRun(let explanation): fields.merge(explanation.json) { $1 }
      case .waits(let names): fields["waitsFor"] = .array(names.map { .string($0) })
      case .broken(let problem): fields["message"] = .string(problem)
      case .current(let result):
        fields["outputs"] = .object(
          result.outputs.mapValues {
            ["digest": .string($0.digest.description), "size": .integer($0.size)]
          })
      default: break
      }
      return try JSONValue.object(fields).canonicalText() + "\n"
    }.joined()
  }
}

extension NodeStanding {
  /// Whether a run would do something about it.
  package var isDue: Bool {
    switch standing {
    case .willRun, .waits, .broken: true
    case .current, .source, .notTaken, .follows: false
    }
  }

  /// The standing in one word.
  package var word: String {
    switch standing {
    case .current: "current"
    case .willRun: "will-run"
    case .waits: "waits"
    case .source: "source"
    case .notTaken: "not-taken"
    case .follows: "follows"
    case .broken: "broken"
    }
  }
}

extension RunCause {
  /// The cause as part of a sentence.
  package var words: String {
    switch self {
    case .firstRun: "first run"
    case .changed: "changed"
    case .resultMissing: "its result is gone"
    case .blobMissing: "a blob of its result is gone or was damaged"
    case .failedBefore: "it failed last time"
    case .notCached: "an input moved while it ran last time"
    case .cacheOff: "the cache is off"
    }
  }
}
