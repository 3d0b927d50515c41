// `atelier list`: what there is to run, and what was run.
import Atelier
import Content
import Engine

enum ListVerb {
  /// What can be listed.
  static let words = ["workshops", "stages", "steps", "runs"]

  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let what = arguments.positionals.first ?? "workshops"
    guard words.contains(what) else {
      throw UsageError(
        "`atelier list` takes \(words.joined(separator: ", ")), not '\(what)'."
          + Suggestion.text(for: what, among: words))
    }
    var rows: [[(name: String, value: String)]] = []
    switch what {
    case "workshops":
      rows = house.workshops.map { [("workshop", $0.name), ("summary", $0.summary)] }
    case "stages":
      rows = house.workshops.flatMap { workshop in
        workshop.stages.map {
          [
            ("workshop", workshop.name), ("stage", $0.name),
            ("aliases", $0.aliases.joined(separator: " ")), ("summary", $0.summary),
          ]
        }
      }
    case "steps": rows = try steps(arguments, house)
    default: rows = try runs(arguments, house)
    }
    for row in rows { Console.data(try arguments.has("json") ? json(row) : text(row)) }
    return ExitCode.fine
  }

  private static func steps(_ arguments: Arguments, _ house: House) throws -> [[(
    name: String, value: String
  )]] {
    let graph = try Session(arguments, targets: [], house).graph()
    return graph.nodes.map { node in
      [
        ("step", node.name), ("kind", node.kindName),
        ("code", node.step.map { "\($0.family).\($0.step)" } ?? ""),
        ("outputs", node.outputs.map(\.name).joined(separator: " ")),
      ]
    }
  }

  private static func runs(_ arguments: Arguments, _ house: House) throws -> [[(
    name: String, value: String
  )]] {
    let session = try Session(arguments, targets: [], house)
    let graph = try session.graph()
    let environment = try session.environment(
      graph, try Selection([], in: graph), readOnly: true)
    return try environment.store.runs.list().compactMap { id in
      guard let record = try environment.store.runs.read(id).flatMap(RunRecord.init) else {
        return nil
      }
      let steps = record.json["steps"]?.object ?? [:]
      let built = steps.values.count { $0["status"]?.string == "built" }
      return [
        ("run", record.id), ("workshop", record.series), ("status", record.status),
        ("started", record.startedAt), ("steps", "\(steps.count)"), ("built", "\(built)"),
      ]
    }
  }

  private static func text(_ row: [(name: String, value: String)]) -> String {
    var line = ""
    for (position, cell) in row.enumerated() {
      line +=
        position == row.count - 1 ? cell.value : Text.pad(cell.value, position == 0 ? 24 : 16) + " "
    }
    return line + "\n"
  }

  private static func json(_ row: [(name: String, value: String)]) throws -> String {
    let fields = Dictionary(
      row.map { ($0.name, JSONValue.string($0.value)) }, uniquingKeysWith: { first, _ in first })
    return try JSONValue.object(fields.merging(["v": 1]) { $1 }).canonicalText() + "\n"
  }
}
