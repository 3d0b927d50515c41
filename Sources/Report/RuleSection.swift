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
      \(rule.grid.map { picker($0, id: id) } ?? "")</div>
      """
  }

  /// The rule of any interval of the topology; the script shows it.
  private func picker(_ grid: IntervalGrid, id: String) -> String {
    func field(_ name: String, _ value: String) -> String {
      "<label>\(name) <input type=\"number\" min=\"0\" max=\"1\" step=\"0.01\" "
        + "value=\"\(HTMLText.escape(value))\"></label>"
    }
    return """
      <div class="picker" hidden data-rule="\(HTMLText.escape(grid.template))" \
      data-reach="\(grid.reach.map(String.init).joined(separator: " "))">
      <h3>The rule of another interval</h3>
      <p class="borders">\(field("from", grid.from)) \(field("to", grid.to)) \
      <output></output></p>
      <pre class="ruletext" id="\(id)-other" tabindex="0" role="region" \
      aria-label="Rule of the interval"></pre>
      <p class="copyline"><button type="button" data-copy="\(id)-other">Copy this rule</button>
      <span role="status" class="copied"></span></p>
      </div>

      """
  }
}
