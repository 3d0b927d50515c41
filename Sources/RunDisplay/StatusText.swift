// The status of nodes as lines for people and for programs.
import Content
import Execution
import Planning
import Terminal

package enum StatusText {
  /// So many numbered nodes of one state are one line.
  private static let many = 3

  /// One line per node, or for numbered nodes in one state unless `isFull`; `reasons` gives what is known
  /// of a node that waits.
  package static func text(
    _ states: [PlannedNode], all: Bool, isFull: Bool = false,
    reasons: (PlannedNode) -> Explanation? = { _ in nil }
  ) -> String {
    var rows: [(name: String, seconds: Double?, word: String)] = []
    // A missing program breaks many nodes in the same way: its words once are enough.
    var told: [String: String] = [:]
    for planned in states where all || planned.isDue {
      rows.append(
        (planned.name, planned.lastSeconds, word(planned, isFull: isFull, &told, reasons)))
    }
    return (isFull ? rows : folded(rows)).map { row in
      let seconds = row.seconds.map { Text.padLeft(Text.seconds($0), 9) } ?? "         "
      return Text.pad(row.name, 24) + " " + seconds + "  " + row.word + "\n"
    }.joined()
  }

  private static func word(
    _ planned: PlannedNode, isFull: Bool, _ told: inout [String: String],
    _ reasons: (PlannedNode) -> Explanation?
  ) -> String {
    switch planned.state {
    case .upToDate: return "current"
    case .stale(let explanation): return "will run  \(explanation.headline)"
    case .blocked(let names):
      let known = reasons(planned).map { "; \($0.headline)" } ?? ""
      return "blocked   by \(Text.few(isFull ? names : ReasonSummary.folded(names)))\(known)"
    case .source: return "source"
    case .notTaken: return "not taken"
    case .due(let effect):
      return "will \(effect.kind.rawValue)  to \(effect.place): \(effect.reason)"
    case .derived: return "follows its input"
    case .unresolvable(let problem):
      defer { if told[problem] == nil { told[problem] = planned.name } }
      return "BROKEN    " + (told[problem].map { "as \($0)" } ?? problem)
    }
  }

  /// Neighbours of one numbered name and one word as one row, with the time of all.
  private static func folded(
    _ rows: [(name: String, seconds: Double?, word: String)]
  ) -> [(name: String, seconds: Double?, word: String)] {
    let groups = Text.grouped(rows) { row in
      let base = Text.withoutNumber(row.name)
      return base == row.name ? nil : "\(base) \(row.word)"
    }
    return groups.flatMap { group -> [(name: String, seconds: Double?, word: String)] in
      guard group.count >= many, let first = group.first else { return group }
      let known = group.compactMap(\.seconds)
      return [
        (
          "\(Text.withoutNumber(first.name)).* (\(group.count))",
          known.isEmpty ? nil : known.reduce(0, +), first.word
        )
      ]
    }
  }

  /// What changed since the last run, and how many nodes are in which state, a line each.
  package static func sum(
    _ states: [PlannedNode], reasons: (PlannedNode) -> Explanation?
  ) -> String {
    var text = ""
    let causes = causes(of: states, reasons: reasons)
    if !causes.isEmpty { text += "because of \(causes.joined(separator: ", "))\n" }
    func count(_ word: String, _ isCounted: (PlannedState) -> Bool) -> String? {
      let count = states.count { isCounted($0.state) }
      return count == 0 ? nil : "\(count) \(word)"
    }
    let parts = [
      count("current") { if case .upToDate = $0 { true } else { false } },
      count("will run") { if case .stale = $0 { true } else { false } },
      count("blocked") { if case .blocked = $0 { true } else { false } },
      count("to deliver") {
        if case .due(let effect) = $0 { effect.kind == .deliver } else { false }
      },
      count("to ingest") {
        if case .due(let effect) = $0 { effect.kind == .ingest } else { false }
      },
      count("broken") { if case .unresolvable = $0 { true } else { false } },
    ].compactMap(\.self)
    return text + (parts.isEmpty ? "" : parts.joined(separator: ", ") + "\n")
  }

  /// The settings and the kinds of fields that changed, whatever follows from them.
  package static func causes(
    of states: [PlannedNode], reasons: (PlannedNode) -> Explanation?
  ) -> [String] {
    var causes: [String] = []
    func add(_ cause: String) { if !causes.contains(cause) { causes.append(cause) } }
    for planned in states {
      let explanation: Explanation? =
        switch planned.state {
        case .stale(let explanation): explanation
        case .blocked: reasons(planned)
        default: nil
        }
      guard let summary = explanation?.summary else { continue }
      for setting in summary.settings { add(setting.text) }
      for change in summary.others.prefix(8) { add(Text.withoutNumber(change.field)) }
    }
    return causes.count > 6 ? causes.prefix(6) + ["\(causes.count - 6) more"] : causes
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
