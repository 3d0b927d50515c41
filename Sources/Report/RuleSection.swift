// Rules to copy, such as that of the segment.

struct RuleSection {
  let page: ReportPage

  /// nil for a run without a rule.
  var section: Section? {
    guard !page.rules.isEmpty else { return nil }
    let rules = page.rules.enumerated().map { rule($1, id: "rule-\($0 + 1)") }
    return Section("segment", "Segment", rules.joined(separator: "\n"))
  }

  private func rule(_ rule: Rule, id: String) -> String {
    let facts = rule.facts.map {
      "<div><dt>\(HTMLText.escape($0.name))</dt><dd>\(HTMLText.cut($0.value, to: 300))</dd></div>"
    }
    return """
      <div class="rule">
      <h3>\(HTMLText.escape(rule.title))</h3>
      <pre class="ruletext" id="\(id)" tabindex="0" role="region" \
      aria-label="Rule text">\(HTMLText.escape(rule.text))</pre>
      <p class="copyline"><button type="button" data-copy="\(id)">Copy the rule</button>
      <span role="status" class="copied"></span></p>
      <dl class="facts">\(facts.joined())
      <div><dt>made by</dt><dd><code>\(HTMLText.escape(rule.step))</code></dd></div></dl>
      </div>
      """
  }
}
