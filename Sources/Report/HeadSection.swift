// The top of the page: which run, how it ended, and what failed.

struct HeadSection {
  let page: ReportPage

  var html: String {
    let steps = page.graph.groups.flatMap(\.steps)
    let counts = StepStatus.allCases.compactMap { status -> String? in
      let count = steps.count { $0.status == status }
      guard count > 0, status != .unknown else { return nil }
      return "<li>\(StatusBadge.html(status, count: count))</li>"
    }
    let results = ResultsSection(page: page)
    return """
      <header>
      <p class="kicker">Atelier report</p>
      <h1>\(HTMLText.escape(page.workshop)) <span class="outcome o-\(outcomeClass)">\
      \(HTMLText.escape(words))</span></h1>
      <p class="lead">\(HTMLText.escape(page.summary))</p>
      \(page.caution.map { "<p class=\"lead\">\(HTMLText.escape($0))</p>" } ?? "")
      \(failures(steps))\(results.html)
      \(results.changes)
      <dl class="facts">
      <div><dt>run</dt><dd><code>\(HTMLText.escape(page.run))</code></dd></div>
      <div><dt>began</dt><dd>\(HTMLText.moment(page.startedAt))</dd></div>
      <div><dt>took</dt><dd>\(HTMLText.escape(page.time))</dd></div>
      <div><dt>platform</dt><dd>\(HTMLText.escape(page.platform))</dd></div>
      \(previous)
      </dl>
      <ul class="counts" aria-label="Steps by outcome">\(counts.joined())</ul>
      <p class="note">Later runs that changed nothing are not listed.</p>
      </header>
      """
  }

  private var words: String {
    switch page.outcome {
    case "ok": "succeeded"
    default: page.outcome
    }
  }

  private var outcomeClass: String { page.outcome == "ok" ? "ok" : "failed" }

  private var previous: String {
    guard let previous = page.previous else {
      return "<div><dt>compared with</dt><dd>no earlier run</dd></div>"
    }
    return "<div><dt>compared with</dt><dd><code>\(HTMLText.escape(previous.run))</code> of "
      + "\(HTMLText.moment(previous.startedAt))</dd></div>"
  }

  private func failures(_ steps: [StepEntry]) -> String {
    let failed = steps.filter { $0.status == .failed }
    guard !failed.isEmpty else { return "" }
    let items = failed.prefix(20).map { step -> String in
      let log =
        step.log.isEmpty
        ? ""
        : "\n<p>The end of its output:</p>\n"
          + Scrolling.region(
            "<pre>\(step.log.map { HTMLText.cut($0, to: 400) }.joined(separator: "\n"))</pre>",
            label: "Log of \(step.name)", kind: "log")
      return "<h3>\(StatusBadge.html(.failed)) <code>\(HTMLText.escape(step.name))</code></h3>\n"
        + "<pre class=\"message\">\(HTMLText.cut(step.message ?? "failed", to: 4000))</pre>\(log)"
    }
    let more = failed.count - items.count
    return "<section class=\"failures\" aria-labelledby=\"failures\">\n"
      + "<h2 id=\"failures\">What failed</h2>\n" + items.joined(separator: "\n")
      + (more > 0 ? "\n<p class=\"note\">\(more) more failed; the table of steps has all.</p>" : "")
      + "\n</section>\n"
  }
}
