// The status of nodes as lines for people and for programs.
import Content
import Execution
import Planning
import Terminal

package enum StatusText {
  /// One line per node; `reasons` gives the known changes of a node that waits.
  package static func text(
    _ states: [PlannedNode], all: Bool, reasons: (PlannedNode) -> [FieldChange] = { _ in [] }
  ) -> String {
    var lines = ""
    // A missing program breaks many nodes in the same way: its words once are enough.
    var told: [String: String] = [:]
    for planned in states where all || planned.isDue {
      var word: String
      switch planned.state {
      case .upToDate: word = "current"
      case .stale(let explanation): word = "will run  \(explanation.headline)"
      case .blocked(let names):
        word =
          "blocked   by \(names.prefix(3).joined(separator: ", "))"
          + (names.count > 3 ? " and \(names.count - 3) more" : "")
        let known = reasons(planned)
        if !known.isEmpty {
          word += "; " + Explanation(cause: .changed, changes: known).headline
        }
      case .source: word = "source"
      case .notTaken: word = "not taken"
      case .due(let effect):
        word = "will \(effect.kind.rawValue)  to \(effect.place): \(effect.reason)"
      case .derived: word = "follows its input"
      case .unresolvable(let problem):
        word = "BROKEN    " + (told[problem].map { "as \($0)" } ?? problem)
        if told[problem] == nil { told[problem] = planned.name }
      }
      let seconds = planned.lastSeconds.map { Text.padLeft(Text.seconds($0), 9) } ?? "         "
      lines += Text.pad(planned.name, 24) + " " + seconds + "  " + word + "\n"
    }
    return lines
  }

  /// One line of JSON per node.
  package static func json(_ states: [PlannedNode]) throws -> String {
    try states.map { planned in
      var fields: [String: JSONValue] = [
        "v": 1, "event": "status", "step": .string(planned.name),
        "status": .string(planned.word),
      ]
      if let key = planned.key { fields["key"] = .string(key.description) }
      if let seconds = planned.lastSeconds { fields["lastSeconds"] = .number(seconds) }
      switch planned.state {
      case .stale(let explanation): fields.merge(explanation.json) { $1 }
      case .blocked(let names): fields["waitsFor"] = .array(names.map { .string($0) })
      case .unresolvable(let problem): fields["message"] = .string(problem)
      case .due(let effect):
        fields["place"] = .string(effect.place)
        fields["message"] = .string(effect.reason)
      case .upToDate(let result):
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

extension PlannedNode {
  /// Whether a run would do something about it.
  package var isDue: Bool {
    switch state {
    case .stale, .blocked, .due, .unresolvable: true
    case .upToDate, .source, .notTaken, .derived: false
    }
  }

  /// The state in one word.
  package var word: String {
    switch state {
    case .upToDate: "current"
    case .stale: "will-run"
    case .blocked: "waits"
    case .source: "source"
    case .notTaken: "not-taken"
    case .due(let effect): "will-\(effect.kind.rawValue)"
    case .derived: "follows"
    case .unresolvable: "broken"
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
    case .inputMoved: "an input moved while it ran last time"
    case .notCached: "the last run was told to keep nothing (--cache)"
    case .cacheOff: "the cache is off"
    case .forced: "forced"
    case .goneFromPlatform: "what its result names is gone from the platform"
    }
  }
}
