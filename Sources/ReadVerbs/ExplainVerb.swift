// `atelier explain`: every field that differs from the newest run, old -> new.
import CommandLine
import Content
import Execution
import Planning
import Project
import RunDisplay
import Terminal

package struct ExplainVerb: Verb {
  package let name = "explain"
  package let summary = "why a step would run: each changed field, old -> new"
  package let details = """
    Of one step every field is shown. Of several, such as a stage, the settings and steps behind the changes,
    and how many are current; --verbose and --json show every field of all.
    """
  package let examples = [
    Example("atelier explain week2.features.3", "compared with the newest run"),
    Example("atelier explain week4.model --against latest~2", "compared with an earlier run"),
  ]
  let steps = Argument(
    "[workshop/]step ...", count: 1...100_000, completion: .named("steps"))
  let against = Option(
    "against", value: "RUN", completion: .named("runs"),
    "compare with this run: an id, the beginning of one, latest~N, or a tag")
  let json = Shared.json

  package var parameters: [any Parameter] { [steps, against, json] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let status = try GraphStatus(
      Session(call, targets: call[steps], context), against: call[against],
      foreseesEffects: true)
    let planner = status.planner
    // Of many steps those that are current would hide those that are not.
    let isOverview = status.isOfSeveralSteps && !call[json] && !call.isVerbose
    var current = 0
    for index in status.selection.targets {
      guard let planned = planner.states[index] else { continue }
      // Of sources, branches and deliveries there is only to say what they would write.
      if status.graph.nodes[index].step == nil {
        guard case .due = planned.state else { continue }
      }
      if isOverview, case .upToDate = planned.state {
        current += 1
        continue
      }
      let account = try Account(planned, planner, status.environment)
      try context.output.data(
        call[json] ? account.json() : account.text(isFull: !isOverview))
    }
    if isOverview {
      try context.output.data(current > 0 ? "\(current) current (--verbose shows them)\n" : "")
    }
    return ExitCode.success
  }
}

/// What there is to say of one step.
private struct Account {
  let planned: PlannedNode
  let explanation: Explanation?
  let partial: [FieldChange]
  /// What they come down to.
  let partialHeadline: String?
  /// For a first run: the entry of the same step that differs least.
  let nearest: (key: ActionKey, changes: [FieldChange])?

  init(_ planned: PlannedNode, _ planner: Planner, _ environment: EngineEnvironment) throws {
    self.planned = planned
    if case .stale(let explanation) = planned.state {
      self.explanation = explanation
    } else if case .upToDate = planned.state {
      explanation = planner.explainCurrent(planned)
    } else {
      explanation = nil
    }
    let known = planner.partialExplanation(planned)
    partial = known?.changes ?? []
    partialHeadline = known?.headline
    if explanation?.cause == .firstRun, let document = planned.document {
      nearest = try environment.nearest(to: document)
    } else {
      nearest = nil
    }
  }

  func json() throws -> String {
    var fields: [String: JSONValue] = [
      "v": 1, "event": "explain", "step": .string(planned.name),
      "status": .string(planned.word),
    ]
    if let key = planned.key { fields["key"] = .string(key.description) }
    if let explanation {
      fields.merge(explanation.json) { $1 }
    } else {
      fields["reasons"] = .array(partial.map(\.json))
    }
    if case .blocked(let names) = planned.state {
      fields["waitsFor"] = .array(names.map { .string($0) })
    }
    if case .due(let effect) = planned.state {
      fields["place"] = .string(effect.place)
      fields["message"] = .string(effect.reason)
    }
    if let nearest {
      fields["nearest"] = [
        "key": .string(nearest.key.description), "reasons": .array(nearest.changes.map(\.json)),
      ]
    }
    return try JSONValue.object(fields).canonicalText() + "\n"
  }

  /// Every field where all is to be told; else what the fields come down to where that is known.
  func text(isFull: Bool) -> String {
    var lines: [String] = []
    func add(_ changes: [FieldChange]) {
      for change in changes { lines += Text.change(change).map { "  " + $0 } }
    }
    switch planned.state {
    case .upToDate:
      lines.append("\(planned.name): current")
      if let explanation, !explanation.changes.isEmpty {
        lines.append("  compared with run \(explanation.against ?? "?"):")
        add(explanation.changes)
      }
    case .stale(let explanation):
      let against = explanation.against.map { " (compared with run \($0))" } ?? ""
      lines.append("\(planned.name): will run, \(explanation.cause.words)\(against)")
      if let summary = explanation.summary, !summary.settings.isEmpty || summary.isConsequence {
        lines.append("  because: \(explanation.headline)")
        if isFull { add(explanation.changes) }
      } else {
        add(explanation.changes)
      }
      if let nearest {
        lines.append("  nearest kept result \(nearest.key.digest.short) differs in:")
        add(nearest.changes)
      }
    case .blocked(let names):
      let shown = isFull ? names : ReasonSummary.folded(names)
      lines.append("\(planned.name): blocked by \(shown.joined(separator: ", "))")
      if let partialHeadline, !isFull { lines.append("  because: \(partialHeadline)") }
      if isFull { add(partial) }
    case .notTaken: lines.append("\(planned.name): is in the arm of a branch that was not taken")
    case .unresolvable(let problem): lines.append("\(planned.name): cannot run: \(problem)")
    case .due(let effect):
      lines.append(
        "\(planned.name): will \(effect.kind.rawValue) to \(effect.place), \(effect.reason)")
    case .source, .derived: lines.append("\(planned.name): \(planned.word)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
