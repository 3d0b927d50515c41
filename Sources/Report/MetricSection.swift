// Numbers, what they were before, and their last runs as a small curve.

struct MetricSection {
  let page: ReportPage

  /// nil for a run without numbers.
  var section: Section? {
    guard !page.metrics.isEmpty || !page.notes.metrics.isEmpty else { return nil }
    let short = page.metrics.filter(\.isShort)
    let changed = short.filter { !isSame($0) }
    let same = short.filter(isSame)
    let long = page.metrics.filter { !$0.isShort }.map { group in
      "<details\(isSame(group) ? " class=\"same\"" : "")><summary><code>"
        + "\(HTMLText.escape(group.name))</code> <span class=\"faint\">"
        + "\(HTMLText.count(group.metrics.count, "number"))\(moved(group))</span></summary>\n"
        + "\(table([group], caption: "Numbers of \(group.name)"))\n</details>"
    }
    let first =
      changed.isEmpty ? "" : table(changed, caption: "Values from small outputs") + "\n"
    let numbers = same.reduce(0) { $0 + $1.metrics.count }
    let folded =
      same.isEmpty
      ? ""
      : "<details class=\"same\"><summary>\(HTMLText.count(numbers, "number")) of "
        + "\(HTMLText.count(same.count, "output")) unchanged</summary>\n"
        + table(same, caption: "Values that did not change") + "\n</details>\n"
    return Section(
      "metrics", "Metrics", first + folded + long.joined(separator: "\n"),
      notes: page.notes.metrics)
  }

  private func isSame(_ group: MetricGroup) -> Bool { group.metrics.allSatisfy(\.isSame) }

  private func moved(_ group: MetricGroup) -> String {
    let count = group.metrics.count { $0.difference != nil }
    return count == 0 ? "" : ", \(HTMLText.grouped(count)) changed"
  }

  private func table(_ groups: [MetricGroup], caption: String) -> String {
    let against =
      page.previous == nil ? "" : ", with change and history"
    let bodies = groups.map { group in
      "<tbody><tr class=\"group\"><th scope=\"rowgroup\" colspan=\"4\"><code>"
        + "\(HTMLText.escape(group.name))</code></th></tr>\n"
        + group.metrics.map(row).joined(separator: "\n") + "</tbody>"
    }
    return
      "<table class=\"metrics sortable\"><caption>\(HTMLText.escape(caption + against))</caption>\n"
      + "<thead><tr><th scope=\"col\">number</th><th scope=\"col\" class=\"num\">value</th>"
      + "<th scope=\"col\" class=\"num\">change</th><th scope=\"col\">runs</th></tr></thead>\n"
      + bodies.joined(separator: "\n") + "\n</table>"
  }

  private func row(_ metric: Metric) -> String {
    let change: String
    if let difference = metric.difference {
      let percent = metric.percent.map { " <small>\(HTMLText.escape($0))</small>" } ?? ""
      change = "<strong>\(HTMLText.number(difference))</strong>\(percent)"
    } else if metric.history.dropLast().allSatisfy({ $0 == nil }) {
      change = "<span class=\"faint\">new</span>"
    } else {
      change = "<span class=\"faint\">same</span>"
    }
    return "<tr\(metric.isSame ? " class=\"same\"" : "")><th scope=\"row\">"
      + "\(HTMLText.name(metric.name))</th>"
      + "<td class=\"num\">\(HTMLText.number(metric.value))</td><td class=\"num\">\(change)</td>"
      + "<td>\(Sparkline(values: metric.history).html)</td></tr>"
  }
}
