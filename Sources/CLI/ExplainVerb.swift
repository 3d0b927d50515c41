// `atelier explain`: every field that differs from the newest run, old -> new.
import Content
import Engine

enum ExplainVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let inspection = try Inspection(arguments, house)
    let walk = inspection.walk
    for index in inspection.selection.targets {
      guard inspection.graph.nodes[index].step != nil, let standing = walk.standings[index] else {
        continue
      }
      let account = try Account(standing, walk, inspection.environment)
      Console.data(arguments.has("json") ? try account.json() : account.text())
    }
    return ExitCode.fine
  }
}

/// What there is to say of one step.
private struct Account {
  let standing: NodeStanding
  let explanation: Explanation?
  let partial: [FieldChange]
  /// For a first run: the entry of the same step that differs least.
  let nearest: (key: ActionKey, changes: [FieldChange])?

  init(_ standing: NodeStanding, _ walk: StatusWalk, _ environment: EngineEnvironment) throws {
    self.standing = standing
    if case .willRun(let explanation) = standing.standing {
      self.explanation = explanation
    } else if case .current = standing.standing {
      explanation = walk.explainCurrent(standing)
    } else {
      explanation = nil
    }
    partial = walk.partialChanges(standing)
    if explanation?.cause == .firstRun, let document = standing.document {
      nearest = try environment.nearest(to: document)
    } else {
      nearest = nil
    }
  }

  func json() throws -> String {
    var fields: [String: JSONValue] = [
      "v": 1, "event": "explain", "step": .string(standing.name),
      "status": .string(standing.word),
    ]
    if let key = standing.key { fields["key"] = .string(key.description) }
    if let explanation {
      fields.merge(explanation.json) { $1 }
    } else {
      fields["reasons"] = .array(partial.map(\.json))
    }
    if case .waits(let names) = standing.standing {
      fields["waitsFor"] = .array(names.map { .string($0) })
    }
    if let nearest {
      fields["nearest"] = [
        "key": .string(nearest.key.description), "reasons": .array(nearest.changes.map(\.json)),
      ]
    }
    return try JSONValue.object(fields).canonicalText() + "\n"
  }

  func text() -> String {
    var lines: [String] = []
    func add(_ changes: [FieldChange]) {
      for change in changes { lines += Text.change(change).map { "  " + $0 } }
    }
    switch standing.standing {
    case .current:
      lines.append("\(standing.name): current")
      if let explanation, !explanation.changes.isEmpty {
        lines.append("  compared with run \(explanation.against ?? "?"):")
        add(explanation.changes)
      }
    case .willRun(let explanation):
      let against = explanation.against.map { " (compared with run \($0))" } ?? ""
      lines.append("\(standing.name): will run, \(explanation.cause.words)\(against)")
      add(explanation.changes)
      if let nearest {
        lines.append("  nearest kept result \(nearest.key.digest.short) differs in:")
        add(nearest.changes)
      }
    case .waits(let names):
      lines.append("\(standing.name): waits for \(names.joined(separator: ", "))")
      add(partial)
    case .notTaken: lines.append("\(standing.name): lies in the arm of a branch not taken")
    case .broken(let problem): lines.append("\(standing.name): cannot run: \(problem)")
    case .source, .follows: lines.append("\(standing.name): \(standing.word)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension RunCause {
  /// The cause as part of a sentence.
  var words: String {
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
