// The first screen: decisions, key numbers, and what was changed since the run before.

struct ResultsSection {
  let page: ReportPage

  /// Decisions and key numbers; empty where the workshop declares none.
  var html: String {
    let decisions = page.decisions.map { decision in
      "<p class=\"decision \(decision.isYes ? "d-yes" : "d-no")\"><span aria-hidden=\"true\">"
        + "\(decision.isYes ? "\u{2713}" : "\u{2715}")</span> \(HTMLText.escape(decision.sentence))</p>"
    }
    guard !page.keyNumbers.isEmpty else { return decisions.joined(separator: "\n") }
    return
      (decisions + [
        "<dl class=\"keys\" aria-label=\"Key numbers\">",
        page.keyNumbers.map(card).joined(separator: "\n"), "</dl>",
      ]).joined(separator: "\n")
  }

  private func card(_ card: KeyCard) -> String {
    let change =
      card.change.isEmpty
      ? ""
      : "<dd class=\"delta\">\(HTMLText.minus(HTMLText.escape(card.change)))"
        + ([.better, .worse].contains(card.verdict) ? ", \(card.verdict.rawValue)" : "")
        + "</dd>"
    let notes =
      card.notes.isEmpty
      ? ""
      : "<dd class=\"beside\(card.isBad ? " bad" : "")\">"
        + card.notes.map { HTMLText.escape($0) }.joined(separator: " \u{00B7} ") + "</dd>"
    return "<div class=\"key k-\(card.verdict.rawValue)\"><dt>\(HTMLText.escape(card.name))</dt>"
      + "<dd class=\"value\">\(HTMLText.minus(HTMLText.escape(card.value)))</dd>\(change)\(notes)</div>"
  }

  /// What was changed since the run before; empty without one.
  var changes: String {
    guard let previous = page.previous else { return "" }
    let settings = page.changes.map { change in
      "<li><code>\(HTMLText.name(change.name))</code> <del>\(shown(change.old))</del> "
        + "\u{2192} <ins>\(shown(change.new))</ins></li>"
    }
    let causes = page.causes.map { "<li>\(HTMLText.cut($0, to: 300))</li>" }
    let items = settings + causes
    let list =
      items.isEmpty
      ? "<p>Neither a setting nor code nor a source changed.</p>"
      : "<ul>\(items.joined())</ul>"
    return "<section class=\"since\" aria-labelledby=\"since\">\n<h2 id=\"since\" tabindex=\"-1\">"
      + "Changed since \(HTMLText.moment(previous.startedAt))</h2>\n\(list)\n</section>"
  }

  private func shown(_ value: String) -> String {
    value.isEmpty ? "(empty)" : HTMLText.cut(value, to: 120)
  }
}
