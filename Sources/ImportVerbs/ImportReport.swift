// What became of a notebook, as text for its author. It writes no file.
import Notebooks
import Terminal

/// The list that `atelier new import` prints and keeps as IMPORT.md.
struct ImportReport {
  private let plan: NotebookPlan
  private let notebook: String

  init(_ plan: NotebookPlan, notebook: String) {
    self.plan = plan
    self.notebook = notebook
  }

  /// The list as Markdown.
  var text: String {
    var lines = [
      "# Import of \(notebook)", "",
      "\(Self.count(plan.sections, "section")) with code, \(plan.texts) of text only; "
        + "\(Self.count(plan.cells, "cell")) with code, \(plan.refused) not converted; "
        + "\(Self.count(Int64(plan.steps.count), "step")).",
    ]
    if plan.shown > 0 {
      lines.append(
        "\(Self.count(plan.shown, "last line")) of a cell only showed a value and "
          + "\(plan.shown == 1 ? "was" : "were") left out.")
    }
    if !plan.steps.isEmpty {
      lines += ["", "| step | sections | inputs | outputs |", "|---|---|---|---|"]
      lines += plan.steps.map { step in
        let inputs = step.inputs.map { $0.source ?? "\($0.step).\($0.output)" }
        let outputs = step.outputs.map { "\($0.key) (\($0.kind.rawValue))" }
        return "| \(step.name) | \(step.titles.map(Self.cell).joined(separator: "; ")) | "
          + "\(inputs.joined(separator: ", ")) | \(outputs.joined(separator: ", ")) |"
      }
    }
    if !plan.sources.isEmpty {
      let names = ImportedNames(plan)
      lines += ["", "Data files:", ""]
      lines += plan.sources.map { source in
        let state =
          source.exists
          ? "there"
          : source.address.isEmpty ? "missing" : "missing: download it from \(source.address)"
        let expected = names.path(of: source.key)
        let place =
          expected == source.path ? "" : "; a run reads \(expected) in the folder of `data`"
        return "- \(source.path): \(state)\(place)"
      }
    }
    lines += notes("refused", "Not converted")
    lines += notes("joined", "Sections that became one step")
    lines += notes("changed", "Changed")
    lines += notes("dropped", "Left out, without effect on results")
    return lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
      .map { Self.shown(String($0)) + "\n" }.joined()
  }

  /// A line as a terminal and a committed file may have it: without what controls a terminal, and
  /// without the user and password of an address.
  private static func shown(_ line: String) -> String {
    DisplayText.clean(line).replacing(#/:\/\/[^\s\/'"]+@/#, with: "://<secret>@")
  }

  private func notes(_ kind: String, _ title: String) -> [String] {
    let own = plan.notes.filter { $0.kind == kind }
    guard !own.isEmpty else { return [] }
    return ["", "\(title):", ""]
      + own.map { note in
        "- cell \(note.cell) (`\(note.first.replacing("`", with: "'"))`): \(note.problem)"
          + (note.advice.isEmpty ? "" : "; \(note.advice)")
      }
  }

  private static func count(_ number: Int64, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A text in a cell of a table.
  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
