// `atelier status` and `atelier run --dry-run`: what is current, what will run, what waits.
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

  /// The same, in the words of a run that does not happen.
  static func dryRun(_ arguments: Arguments, _ session: Session) throws -> Int32 {
    let inspection = try Inspection(session)
    if arguments.has("json") {
      try json(inspection.standings)
      return ExitCode.fine
    }
    text(inspection.standings, all: arguments.has("verbose"))
    // Deliveries and sources are no steps, though they are listed.
    let names = Set(inspection.graph.nodes.lazy.filter { $0.step != nil }.map(\.name))
    let steps = inspection.standings.filter { names.contains($0.name) }
    let due = steps.filter(\.isDue)
    let known = due.compactMap(\.lastSeconds).reduce(0, +)
    let unknown = due.count { $0.lastSeconds == nil }
    Console.data(
      "\(due.count) steps would run, \(steps.count - due.count) are current; "
        + "by the last times about \(Text.seconds(known)) of work"
        + (unknown > 0 ? " and \(unknown) steps that never ran\n" : "\n"))
    return ExitCode.fine
  }

  private static func text(_ standings: [NodeStanding], all: Bool) {
    var lines = ""
    for standing in standings where all || standing.isDue {
      let word: String
      switch standing.standing {
      case .current: word = "current"
      case .willRun(let explanation): word = "will run  \(explanation.headline)"
      case .waits(let names):
        word =
          "waits     for \(names.prefix(3).joined(separator: ", "))"
          + (names.count > 3 ? " and \(names.count - 3) more" : "")
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

  private static func json(_ standings: [NodeStanding]) throws {
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
