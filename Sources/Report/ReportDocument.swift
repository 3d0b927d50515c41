// The page as one HTML document: no network, nothing that runs but one script known by its digest.
import Content

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ReportPage {
  /// The document; the same page gives the same bytes.
  ///
  /// Throws where the system's SHA-256 fails.
  package func html() throws -> String {
    let policy = try Self.policy()
    let sections = [
      PictureSection(page: self).section, RuleSection(page: self).section,
      MetricSection(page: self).section, GraphSection(page: self).section,
      SettingSection(page: self).section, ArtifactSection(page: self).section,
    ].compactMap(\.self)
    let title = HTMLText.escape("\(workshop) \(run)")
    let links = sections.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>" }.joined()
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <meta name="generator" content="atelier report">
      <title>\(title)</title>
      <link rel="icon" href="data:,">
      <style>\(Self.style)</style>
      </head>
      <body>
      <a class="skip" href="#main">Skip to the results</a>
      \(HeadSection(page: self).html)
      <nav aria-label="Sections"><ul>\(links)</ul>\
      <button type="button" class="filter" aria-pressed="false" hidden>Changed only</button></nav>
      <main id="main" tabindex="-1">
      \(sections.map(\.html).joined(separator: "\n"))
      </main>
      <footer><p>Written by <code>atelier report</code> from the record of run \
      <code>\(HTMLText.escape(run))</code>. The page holds all that it shows and asks no network.</p></footer>
      <script>\(Self.script)</script>
      </body>
      </html>

      """
  }

  private static let style = String(decoding: PackageResources.report_css, as: UTF8.self)
  private static let script = String(decoding: PackageResources.report_js, as: UTF8.self)

  /// What the page may do: its own style, its own script, pictures that it holds itself.
  private static func policy() throws -> String {
    let digest = Data(try Digest.of(Array(script.utf8)).bytes).base64EncodedString()
    return "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
      + "form-action 'none'; script-src 'sha256-\(digest)'"
  }
}

/// A part of the page below a heading of the second level.
struct Section {
  let id: String
  let title: String
  let html: String

  init(_ id: String, _ title: String, _ body: String, notes: [String] = []) {
    self.id = id
    self.title = title
    let left = notes.map { "<p class=\"note\">\(HTMLText.escape($0))</p>" }.joined(separator: "\n")
    html =
      "<section aria-labelledby=\"\(id)\">\n<h2 id=\"\(id)\" tabindex=\"-1\">\(title)</h2>\n"
      + body + (left.isEmpty ? "" : "\n" + left) + "\n</section>"
  }
}

/// What is wider than the page scrolls by itself, by keyboard, too.
enum Scrolling {
  static func region(_ body: String, label: String, kind: String = "") -> String {
    "<div class=\"scroll \(kind)\" role=\"region\" tabindex=\"0\" "
      + "aria-label=\"\(HTMLText.escape(label))\">\(body)</div>"
  }
}

/// The status of a step as a coloured word with a sign.
enum StatusBadge {
  static func html(_ status: StepStatus, count: Int? = nil) -> String {
    "<span class=\"badge s-\(status.rawValue)\"><span aria-hidden=\"true\">\(status.sign)</span> "
      + "\(count.map { "\(HTMLText.grouped($0)) " } ?? "")\(status.words)</span>"
  }
}
