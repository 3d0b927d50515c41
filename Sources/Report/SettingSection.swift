// The configuration values behind a run.

struct SettingSection {
  let page: ReportPage

  /// nil where there is nothing to say.
  var section: Section? {
    guard !page.settings.isEmpty || !page.notes.settings.isEmpty else { return nil }
    guard !page.settings.isEmpty else {
      return Section("parameters", "Parameters", "", notes: page.notes.settings)
    }
    let rows = page.settings.map {
      "<tr\($0.origin == "default" ? " class=\"plain\"" : "")><th scope=\"row\"><code>"
        + "\(HTMLText.name($0.name))</code></th><td>\(HTMLText.cut($0.value, to: 300))</td>"
        + "<td>\(HTMLText.escape($0.origin))</td></tr>"
    }
    return Section(
      "parameters", "Parameters",
      "<table class=\"settings sortable\"><caption>Configuration values of the run, and where each came from"
        + "</caption>\n<thead><tr><th scope=\"col\">key</th><th scope=\"col\">value</th>"
        + "<th scope=\"col\">from</th></tr></thead>\n<tbody>\(rows.joined(separator: "\n"))</tbody>\n"
        + "</table>", notes: page.notes.settings)
  }
}
