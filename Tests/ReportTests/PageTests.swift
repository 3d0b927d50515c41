// The page as text: what an artifact says stays text, and the same page has the same bytes.
import Content
import Testing

@testable import Report

@Suite struct PageTests {
  static let hostile = "</style></script><script>alert('x\"')</script>\u{202E}\u{0}&amp;"

  /// A page whose every text is hostile.
  private func page() -> ReportPage {
    let bad = Self.hostile
    var page = ReportPage(
      workshop: bad, summary: bad, run: bad, startedAt: bad, outcome: bad, time: bad, platform: bad)
    page.caution = bad
    page.previous = .init(run: bad, startedAt: bad)
    page.decisions = [ShownDecision(sentence: bad, isYes: false)]
    page.keyNumbers = [
      KeyCard(name: bad, value: bad, change: bad, verdict: .worse, notes: [bad], isBad: true)
    ]
    page.changes = [ShownChange(name: bad, old: bad, new: bad)]
    page.causes = [bad]
    page.pictures = [
      Picture(
        name: bad, title: bad, text: bad, content: .svg("<svg><script>alert(1)</script></svg>"),
        specification: Array(bad.utf8)),
      Picture(
        name: bad, title: bad, text: bad, content: .pixels([1, 2], mediaType: "image/png\"")),
    ]
    page.rules = [Rule(step: bad, title: bad, text: bad, facts: [(bad, bad)])]
    page.metrics = [
      MetricGroup(
        name: bad, isShort: false,
        metrics: [
          Metric(name: bad, value: bad, difference: bad, percent: bad, history: [1, nil, 2])
        ])
    ]
    var step = StepEntry(name: bad, status: .failed, time: bad)
    step.cause = bad
    step.reasons = [bad]
    step.fields = [bad]
    step.message = bad
    step.warnings = [bad]
    step.log = [bad]
    step.parameters = bad
    page.graph.stages = [(bad, bad)]
    page.graph.groups = [
      StepGroup(name: bad, stage: bad, time: bad, steps: [step]),
      StepGroup(name: bad, stage: "other", time: bad, steps: [step, step]),
    ]
    page.graph.wires = [.init(from: 0, to: 1)]
    page.settings = [ShownSetting(name: bad, value: bad, origin: bad)]
    page.artifacts = [
      ArtifactEntry(
        name: bad, mediaType: bad, size: bad, members: [.init(name: bad, digest: bad, size: bad)],
        preview: .table(columns: [bad], rows: [[bad]]), note: bad),
      ArtifactEntry(name: bad, mediaType: bad, size: bad, members: [], preview: .text(bad)),
      ArtifactEntry(
        name: bad, mediaType: bad, size: bad, members: [], preview: .files([(bad, bad)])),
    ]
    page.notes.graph = [bad]
    return page
  }

  @Test func textsOfOthersStayText() throws {
    let html = try page().html()
    // The page's own script is the only one, and its own style ends once.
    #expect(html.split(separator: "<script").count == 2)
    #expect(html.split(separator: "</style").count == 2)
    #expect(!html.contains("alert('x"))
    #expect(!html.unicodeScalars.contains("\u{202E}"))
    #expect(html.contains("\u{2039}U+202E\u{203A}\u{2039}U+0000\u{203A}&amp;amp;"))
    #expect(!html.contains("image/png\""))
  }

  @Test("data 4: a page leads with what its numbers have to be read with")
  func cautionLeads() throws {
    var page = ReportPage(
      workshop: "w", summary: "what it is", run: "r", startedAt: "", outcome: "ok", time: "",
      platform: "")
    #expect(try page.html().split(separator: "class=\"lead\"").count == 2)
    page.caution = "AUC 0.5 & nothing <more>"
    let html = try page.html()
    let lead = try #require(html.range(of: "<p class=\"lead\">what it is</p>\n<p class=\"lead\">"))
    #expect(html[lead.upperBound...].hasPrefix("AUC 0.5 &amp; nothing &lt;more&gt;</p>"))
  }

  /// In another process, too, whose sets and dictionaries have another order: so the digest is written
  /// here, and a new look of the page needs a new one.
  @Test func theSamePageHasTheSameBytes() throws {
    let (one, two) = (try page().html(), try page().html())
    #expect(one == two)
    let digest = try Digest.of(one).hex
    #expect(digest == "304a317aeeaba266d6813063d326f0711be04dbd6e1ad8aa51e2060294168f04")
  }

  @Test func aLongCellIsCutAndSaysSo() {
    let cell = HTMLText.cut(String(repeating: "x", count: 1 << 20), to: 120)
    #expect(cell == String(repeating: "x", count: 120) + "\u{2026} (1,048,576 bytes, cut)")
    // A single character of a megabyte of marks is cut, too.
    let marks = HTMLText.cut("e" + String(repeating: "\u{301}", count: 1 << 19) + "x", to: 1)
    #expect(marks.utf8.count < 100)
    #expect(HTMLText.cut("short", to: 5) == "short")
  }

  @Test func aCurveHasAGapAndATextOfItsOwn() {
    let html = Sparkline(values: [1, 3, nil, 2]).html
    #expect(html.contains("aria-label=\"3 runs: least 1.0, greatest 3.0, newest 2.0\""))
    #expect(html.split(separator: "<polyline").count == 2)
    #expect(Sparkline(values: [nil, 2]).html.contains("one run"))
    // All the same is a line in the middle, not a division by nothing.
    #expect(Sparkline(values: [2, 2]).html.contains("points=\"3,12 93,12\""))
  }
}
