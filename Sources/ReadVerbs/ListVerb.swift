// `atelier list`: what there is to run, and what was run.
import Atelier
import CommandLine
import Content
import Project
import Terminal

package enum ListVerbs {
  package static let group = VerbGroup<VerbContext>(
    "list", "workshops, stages, steps or runs", isFirstDefault: true,
    verbs: [ListWorkshops(), ListStages(), ListSteps(), ListRuns()])
}

/// Rows of named cells, as text or JSON.
private struct Listing {
  var rows: [[(name: String, value: String)]] = []

  func show(_ output: Console, isJSON: Bool) throws {
    for row in rows { try output.data(isJSON ? Self.json(row) : Self.text(row)) }
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

struct ListWorkshops: Verb {
  let name = "workshops"
  let summary = "the workshops of this program"
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let rows = context.workshops.map { [("workshop", $0.name), ("summary", $0.summary)] }
    try Listing(rows: rows).show(context.output, isJSON: call[json])
    return ExitCode.success
  }
}

struct ListStages: Verb {
  let name = "stages"
  let summary = "the stages of all workshops, or of the one that -w names"
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let workshops = try call.workshop.map { [try context.workshop($0, call)] } ?? context.workshops
    let rows = workshops.flatMap { workshop in
      workshop.stages.map {
        [
          ("workshop", workshop.name), ("stage", $0.name),
          ("aliases", $0.aliases.joined(separator: " ")), ("summary", $0.summary),
        ]
      }
    }
    try Listing(rows: rows).show(context.output, isJSON: call[json])
    return ExitCode.success
  }
}

struct ListSteps: Verb {
  let name = "steps"
  let summary = "the steps of a workshop: names to run, show and explain"
  let examples = [Example("atelier list steps -w retail", "of another workshop than the first")]
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let rows = try Session(call, context).graph().nodes.map { node in
      [
        ("step", node.name), ("kind", node.kindName),
        ("code", node.step.map { "\($0.family).\($0.step)" } ?? ""),
        ("outputs", node.outputs.map(\.name).joined(separator: " ")),
      ]
    }
    try Listing(rows: rows).show(context.output, isJSON: call[json])
    return ExitCode.success
  }
}
