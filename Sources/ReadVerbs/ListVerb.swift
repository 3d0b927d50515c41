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
  /// A text, or several that a row of text has side by side.
  enum Cell {
    case text(String)
    case texts([String])

    var shown: String {
      switch self {
      case .text(let text): text
      case .texts(let texts): texts.joined(separator: " ")
      }
    }

    var json: JSONValue {
      switch self {
      case .text(let text): .string(text)
      case .texts(let texts): .array(texts.map { .string($0) })
      }
    }
  }

  /// What an object of JSON is called.
  let event: String
  let rows: [[(name: String, value: Cell)]]

  func show(_ output: Console, isJSON: Bool) throws {
    for row in rows { try output.data(isJSON ? json(row) : Self.text(row)) }
  }

  private static func text(_ row: [(name: String, value: Cell)]) -> String {
    var line = ""
    for (position, cell) in row.enumerated() {
      let text = cell.value.shown
      line += position == row.count - 1 ? text : Text.pad(text, position == 0 ? 24 : 16) + " "
    }
    return line + "\n"
  }

  private func json(_ row: [(name: String, value: Cell)]) throws -> String {
    let fields = Dictionary(
      row.map { ($0.name, $0.value.json) }, uniquingKeysWith: { first, _ in first })
    return try JSONValue.object(fields.merging(["v": 1, "event": .string(event)]) { $1 })
      .canonicalText() + "\n"
  }
}

struct ListWorkshops: Verb {
  let name = "workshops"
  let summary = "the workshops of this program"
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let rows: [[(String, Listing.Cell)]] = context.workshops.map {
      [("workshop", .text($0.name)), ("summary", .text($0.summary))]
    }
    try Listing(event: "workshop", rows: rows).show(context.output, isJSON: call[json])
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
    let rows: [[(String, Listing.Cell)]] = workshops.flatMap { workshop in
      workshop.stages.map {
        [
          ("workshop", .text(workshop.name)), ("stage", .text($0.name)),
          ("aliases", .texts($0.aliases)), ("summary", .text($0.summary)),
        ]
      }
    }
    try Listing(event: "stage", rows: rows).show(context.output, isJSON: call[json])
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
    let rows: [[(String, Listing.Cell)]] = try Session(call, context).graph().nodes.map { node in
      [
        ("step", .text(node.name)), ("kind", .text(node.kindName)),
        ("code", .text(node.step.map { "\($0.family).\($0.step)" } ?? "")),
        ("outputs", .texts(node.outputs.map(\.name))),
      ]
    }
    try Listing(event: "node", rows: rows).show(context.output, isJSON: call[json])
    return ExitCode.success
  }
}
