// Every output with its digest, its size and its beginning.

struct ArtifactSection {
  let page: ReportPage

  /// nil for a run without outputs.
  var section: Section? {
    guard !page.artifacts.isEmpty else { return nil }
    let same = page.artifacts.filter { !$0.isNew }
    let folded =
      same.isEmpty
      ? ""
      : "<details class=\"same\"><summary>\(HTMLText.count(same.count, "output")) unchanged</summary>\n"
        + same.map(entry).joined(separator: "\n") + "\n</details>"
    return Section(
      "artifacts", "Artifacts",
      page.artifacts.filter(\.isNew).map(entry).joined(separator: "\n") + "\n" + folded,
      notes: page.notes.artifacts)
  }

  private func entry(_ entry: ArtifactEntry) -> String {
    var facts: [String] = []
    if entry.members.count > 1 { facts.append("\(HTMLText.grouped(entry.members.count)) outputs") }
    facts.append(HTMLText.escape(entry.mediaType))
    facts.append(HTMLText.escape(entry.size))
    if let rows = entry.rows { facts.append(HTMLText.count(rows, "row")) }
    if let columns = entry.columns { facts.append(HTMLText.count(columns, "column")) }
    return "<details class=\"artifact\"><summary><code>\(HTMLText.escape(entry.name))</code> "
      + "<span class=\"faint\">\(facts.joined(separator: " \u{00B7} "))</span></summary>\n"
      + digests(entry) + preview(entry)
      + (entry.note.map { "<p class=\"note\">\(HTMLText.escape($0))</p>" } ?? "") + "</details>"
  }

  private static let mostMembers = 200

  private func digests(_ entry: ArtifactEntry) -> String {
    if entry.members.count == 1, let only = entry.members.first {
      return "<p class=\"digest\"><code>\(HTMLText.escape(only.digest))</code></p>\n"
    }
    let items = entry.members.prefix(Self.mostMembers).map {
      "<li><code>\(HTMLText.escape($0.name))</code> \(HTMLText.escape($0.size)) "
        + "<code class=\"faint\">\(HTMLText.escape($0.digest))</code></li>"
    }
    let more = entry.members.count - items.count
    return "<details class=\"small\"><summary>digests<span class=\"hidden\"> of "
      + "\(HTMLText.escape(entry.name))</span></summary><ul class=\"digest\">\(items.joined())</ul>"
      + (more > 0 ? "<p>\(HTMLText.grouped(more)) more are left out.</p>" : "") + "</details>\n"
  }

  /// A number of so many digits that it is more than an identifier.
  private func isNumber(_ cell: String) -> Bool { cell.utf8.count < 20 && Double(cell) != nil }

  private func preview(_ entry: ArtifactEntry) -> String {
    let label = "Beginning of \(entry.members.first?.name ?? entry.name)"
    switch entry.preview {
    case .none: return ""
    case .text(let text):
      return Scrolling.region("<pre>\(HTMLText.cut(text, to: 4000))</pre>", label: label)
    case .files(let files):
      let items = files.map {
        "<li><code>\(HTMLText.cut($0.path, to: 200))</code> \(HTMLText.escape($0.size))</li>"
      }
      return "<ul class=\"files\">\(items.joined())</ul>"
    case .table(let columns, let rows):
      let numeric = columns.indices.map { column in
        rows.contains { column < $0.count && !$0[column].isEmpty }
          && rows.allSatisfy {
            column >= $0.count || $0[column].isEmpty || isNumber($0[column])
          }
      }
      func cell(_ text: String, _ at: Int) -> String {
        "<td\(at < numeric.count && numeric[at] ? " class=\"num\"" : "")>"
          + "\(HTMLText.cut(text, to: 120))</td>"
      }
      let head = columns.enumerated().map { at, name in
        "<th scope=\"col\"\(numeric[at] ? " class=\"num\"" : "")>\(HTMLText.cut(name, to: 120))</th>"
      }
      let lines = rows.map { row in
        "<tr>\(row.enumerated().map { cell($1, $0) }.joined())</tr>"
      }
      return Scrolling.region(
        "<table class=\"preview sortable\"><caption>\(HTMLText.escape(label))</caption><thead><tr>"
          + "\(head.joined())</tr></thead>\n<tbody>\(lines.joined(separator: "\n"))</tbody></table>",
        label: label)
    }
  }
}
