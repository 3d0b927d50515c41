// The steps of a run: drawn, and as a table that says the same.

struct GraphSection {
  let page: ReportPage

  /// nil for a run without steps.
  var section: Section? {
    guard !page.graph.groups.isEmpty else { return nil }
    let drawing = Scrolling.region(
      GraphDrawing(graph: page.graph).html, label: "The graph of steps", kind: "picture")
    return Section(
      "steps", "Steps", "\(drawing)\n\(legend)\n\(table)", notes: page.notes.graph)
  }

  private var legend: String {
    let used = Set(page.graph.groups.flatMap { $0.steps.map(\.status) })
    let badges = StepStatus.allCases.filter(used.contains).map { StatusBadge.html($0) }
    return "<p class=\"legend\"><span class=\"hidden\">Signs: </span>"
      + badges.joined(separator: " ") + "</p>"
  }

  /// The steps to which something happened, and the others folded.
  private var table: String {
    let all = Array(page.graph.groups.enumerated())
    let changed = all.filter { !$0.element.isUnchanged }
    let same = all.filter(\.element.isUnchanged)
    let steps = same.reduce(0) { $0 + $1.element.steps.count }
    let folded =
      same.isEmpty
      ? ""
      : "<details class=\"same\"><summary>\(HTMLText.count(steps, "step")) unchanged</summary>\n"
        + table(same, caption: "Steps that did not run") + "\n</details>"
    let first =
      changed.isEmpty
      ? ""
      : table(
        changed, caption: "What happened: how each step ended, how long it took, and why it ran")
    return first + "\n" + folded
  }

  private typealias Numbered = (offset: Int, element: StepGroup)

  private func table(_ groups: [Numbered], caption: String) -> String {
    // The roles keep it a table for screen readers where a small page lays rows out as blocks.
    let head = ["step", "status", "time", "why"]
      .map { "<th scope=\"col\" role=\"columnheader\">\($0)</th>" }.joined()
    let stages = page.graph.stages.filter { stage in
      groups.contains { $0.element.stage == stage.name }
    }
    let others = groups.filter { group in
      !page.graph.stages.contains { $0.name == group.element.stage }
    }
    var bodies = stages.map { stage in
      body(
        "\(stage.name): \(stage.summary)", groups.filter { $0.element.stage == stage.name })
    }
    if !others.isEmpty { bodies.append(body("other steps", others)) }
    return "<table class=\"steps sortable\" role=\"table\"><caption>\(caption)</caption>\n"
      + "<thead role=\"rowgroup\"><tr role=\"row\">\(head)</tr></thead>\n"
      + bodies.joined(separator: "\n") + "\n</table>"
  }

  private func body(_ title: String, _ groups: [Numbered]) -> String {
    "<tbody role=\"rowgroup\"><tr class=\"group\" role=\"row\"><th scope=\"rowgroup\" colspan=\"4\" "
      + "role=\"rowheader\">\(HTMLText.escape(title))</th></tr>\n"
      + groups.map { row($0.element, number: $0.offset + 1) }.joined(separator: "\n") + "</tbody>"
  }

  private func row(_ group: StepGroup, number: Int) -> String {
    let badges =
      group.steps.count == 1
      ? StatusBadge.html(group.status)
      : group.counts.map { StatusBadge.html($0.status, count: $0.count) }.joined(separator: " ")
    let why = group.steps.count == 1 ? group.steps.map(details).joined() : members(group)
    return
      "<tr role=\"row\" id=\"step-\(number)\" tabindex=\"-1\"><th scope=\"row\" role=\"rowheader\"><code>"
      + "\(HTMLText.name(group.name))</code></th><td role=\"cell\">\(badges)</td>"
      + "<td role=\"cell\" class=\"time\">\(HTMLText.escape(group.time))</td>"
      + "<td role=\"cell\" class=\"why\">\(why)</td></tr>"
  }

  /// Why a step ran, its parameters, and what it said.
  private func details(_ step: StepEntry) -> String {
    var lines: [String] = []
    if let cause = step.cause { lines.append("<p>\(HTMLText.escape(cause))</p>") }
    if !step.reasons.isEmpty {
      lines.append(
        "<ul>\(step.reasons.map { "<li>\(HTMLText.cut($0, to: 2000))</li>" }.joined())</ul>")
    }
    if !step.fields.isEmpty {
      lines.append(
        "<details class=\"small\"><summary>\(HTMLText.count(step.fields.count, "changed field"))"
          + "<span class=\"hidden\"> of \(HTMLText.escape(step.name))</span></summary><ul>"
          + step.fields.map { "<li>\(HTMLText.cut($0, to: 2000))</li>" }.joined()
          + "</ul></details>")
    }
    if let message = step.message {
      lines.append("<p class=\"said\">\(HTMLText.cut(message, to: 1000))</p>")
    }
    for warning in step.warnings {
      lines.append("<p class=\"said\">warning: \(HTMLText.cut(warning, to: 1000))</p>")
    }
    if let parameters = step.parameters {
      lines.append(
        "<details class=\"small\"><summary>parameters<span class=\"hidden\"> of "
          + "\(HTMLText.escape(step.name))</span></summary><code>"
          + "\(HTMLText.cut(parameters, to: 4000))</code></details>")
    }
    return lines.joined()
  }

  private static let mostMembers = 200

  private func members(_ group: StepGroup) -> String {
    // What all share is said once.
    let first = group.steps.first { $0.status == group.status }
    let cause = first?.cause.map { "<p>\(HTMLText.escape($0))</p>" } ?? ""
    let items = group.steps.prefix(Self.mostMembers).map { step -> String in
      let reasons = step.reasons.isEmpty ? step.cause ?? "" : step.reasons.joined(separator: "; ")
      let said = [reasons, step.message ?? ""].filter { !$0.isEmpty }.joined(separator: "; ")
      return "<li><code>\(HTMLText.escape(step.name))</code> \(step.status.words)"
        + (step.time.isEmpty ? "" : ", \(HTMLText.escape(step.time))")
        + (said.isEmpty ? "" : ": \(HTMLText.cut(said, to: 500))") + "</li>"
    }
    let more = group.steps.count - items.count
    return cause + "<details class=\"small\"><summary>"
      + "\(HTMLText.count(group.steps.count, "step"))<span class=\"hidden\"> of "
      + "\(HTMLText.escape(group.name))</span></summary><ul>\(items.joined())</ul>"
      + (more > 0 ? "<p>\(HTMLText.grouped(more)) more are left out.</p>" : "") + "</details>"
  }
}
