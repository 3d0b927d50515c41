// `atelier status`: what is current, what will run, what waits.
import Content
import Engine

enum StatusVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let session = try Session(arguments, targets: arguments.positionals, house)
    let standings = try Inspection(session).standings
    if arguments.has("json") {
      try json(standings)
    } else {
      text(standings, all: true)
    }
    return standings.contains { $0.isDue } ? ExitCode.outOfDate : ExitCode.fine
  }

  /// A line a node; `reasons` gives what is known to differ of a node that waits.
  static func text(
    _ standings: [NodeStanding], all: Bool, reasons: (NodeStanding) -> [FieldChange] = { _ in [] }
  ) {
    var lines = ""
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
      case .broken(let problem): word = "BROKEN    \(problem)"
      }
      let seconds = standing.lastSeconds.map { Text.padLeft(Text.seconds($0), 9) } ?? "         "
      lines += Text.pad(standing.name, 24) + " " + seconds + "  " + word + "\n"
    }
    Console.data(lines)
  }

  /// A line of JSON a node.
  static func json(_ standings: [NodeStanding]) throws {
    for standing in standings {
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
      Console.data(try JSONValue.object(fields).canonicalText() + "\n")
    }
  }
}

extension NodeStanding {
  /// Whether a run would do something about it.
  var isDue: Bool {
    switch standing {
    case .willRun, .waits, .broken: true
    case .current, .source, .notTaken, .follows: false
    }
  }

  /// The standing in one word.
  var word: String {
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
