// `atelier report`: what the page holds and what it keeps to itself, and how it is in a real browser.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct ReportTests {
  private static let picture = """
    <svg xmlns="http://www.w3.org/2000/svg" width="320" height="160" viewBox="0 0 320 160">\
    <g id="marks" fill="none" stroke="currentColor"><path d="M10 150L310 10"/></g>\
    <text x="10" y="20" fill="currentColor">reach</text></svg>
    """

  private static func graph(_ auc: String) -> [JSONValue] {
    let trials: [JSONValue] = (0..<12).map { number in
      [
        "name": .string("one.trial.\(number)"), "inputs": ["one.in"], "tools": ["cat"],
        "script": .string("cat $one_in > $out; echo \(number) >> $out"),
      ]
    }
    let hostile = "<script>alert(1)</script></style>\u{202E}"
    return [
      ["name": "one.in", "source": "in.txt"],
      ["name": "one.picture", "input": "one.in", "built": .string(picture)],
      ["name": "one.metrics", "json": .string(#"{"auc":\#(auc),"rows":10}"#)],
      [
        "name": "one.segment",
        "csv": .string("rule,reach\n\"_t.propensity >= 0.2 and _t.name = \"\"<b>\"\"\",1234\n"),
      ],
      [
        "name": "one.table",
        "csv": .string("name,text\n\(hostile),\(String(repeating: "x", count: 1_000_000))\n"),
      ],
    ] + trials + [
      [
        "name": "two.report", "inputs": ["one.in", "one.trial.1", "one.trial.2"], "tools": ["cat"],
        "script": "cat $one_in $one_trial_1 > $out",
      ],
      ["name": "two.other", "script": "echo other > $out"],
    ]
  }

  /// The bytes of the one built step are a drawing; its input is empty.
  private static let build = ["FIXTURE_BUILD": #"{"mediaType":"image/svg+xml"}"#]

  /// A project with two runs.
  private func space() throws -> FixtureSpace {
    let space = try FixtureSpace(Self.graph("0.5"))
    try space.folder.write("", to: "in.txt")
    // A source must hold something; white space is no part of a drawing.
    try space.folder.write(" \n", to: "in.txt")
    let settings = ["--set", "Fixture.unused=/somewhere/of-mine/notes.txt"]
    for number in ["0.5", "0.625"] {
      try space.setGraph(Self.graph(number))
      let run = try space.start(["run", "--json"] + settings, environment: Self.build).wait()
      try #require(run.code == 0, "\(run.err)")
    }
    return space
  }

  private func page(_ space: FixtureSpace, _ words: String...) throws -> String {
    let ended = try space.start(
      ["report", "-o", "-"] + words,
      environment: Self.build.merging(["USER": "somebody-here"]) { $1 }
    ).wait()
    try #require(ended.code == 0, "\(ended.err)")
    return ended.out
  }

  @Test func everythingIsThereAndNothingOfThisMachine() throws {
    let space = try space()
    let page = try page(space)
    // Old and new number, and the field that changed.
    #expect(page.contains("<strong>+0.125</strong> <small>+25.00%</small>"))
    #expect(page.contains("aria-label=\"2 runs: least 0.5, greatest 0.625, newest 0.625\""))
    #expect(page.contains("parameters.json: "))
    #expect(page.contains("_t.propensity &gt;= 0.2 and _t.name = &quot;&lt;b&gt;&quot;</pre>"))
    #expect(page.contains("id=\"p1-marks\""))
    #expect(page.contains("one.trial.*"))
    #expect(page.contains("<td>\u{2026}/notes.txt</td><td>--set</td>"))
    #expect(page.contains("(1,000,000 bytes, cut)"))
    #expect(page.utf8.count < 200_000)
    for word in [
      space.folder.path, "/somewhere", "somebody-here", "@" + ProcessInfo.processInfo.hostName,
    ] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.split(separator: "<script").count == 2)
    #expect(!page.unicodeScalars.contains("\u{202E}"))
    // Nothing is loaded from elsewhere: no attribute, style or import leads out of the page.
    let outside = #/(src|srcset|href|action|poster|data|xlink:href)\s*=\s*["']?\s*(https?:)?\/\//#
    #expect(page.matches(of: outside.ignoresCase()).map { String($0.output.0) } == [])
    let styles = #/(url\(\s*["']?|@import\s+["']?)(https?:)?\/\//#
    #expect(page.matches(of: styles.ignoresCase()).map { String($0.output.0) } == [])
  }

  @Test func theSameRunIsTheSamePage() throws {
    let space = try space()
    let first = try page(space)
    #expect(try page(space, "latest") == first)
    #expect(try page(space, "fixture/latest") == first)
    #expect(try page(space, "fixture") == first)
    // A run of hits leaves no record.
    let again = try space.run(environment: Self.build)
    #expect(again.code == 0 && !again.statuses.values.contains("built"), "\(again.err)")
    #expect(try page(space) == first)
    #expect(try page(space, "latest~1") != first)

    let file = space.folder("page.html")
    let written = try space.call("report", "--output", file, environment: Self.build)
    #expect(written.code == 0 && written.out == "")
    #expect(written.err.hasPrefix("\(file): "), "\(written.err)")
    #expect(try TestFiles.text(file) == first)
    let refused = try space.call("report", "-o", space.folder("no/page.html"))
    #expect(refused.code == 5 && refused.err.contains("cannot write"), "\(refused.err)")
    let unknown = try space.call("report", "latest~9")
    #expect(unknown.code == 2 && unknown.err.contains("there is no run 'latest~9'"))
  }

  @Test func aFailureSaysWhyWithoutFolders() throws {
    let space = try FixtureSpace([
      ["name": "one.bad", "script": "echo last words of $PWD/here >&2; exit 3"],
      ["name": "two.after", "inputs": ["one.bad"], "script": "true > $out"],
    ])
    let run = try space.run()
    #expect(run.code == 1)
    let page = try page(space)
    #expect(page.contains("<h2 id=\"failures\">What failed</h2>"))
    #expect(page.contains("last words of \u{2026}/here"), "\(page)")
    #expect(page.contains("not run"))
    #expect(!page.contains(space.store))
  }

  @Test(.enabled(if: Browser.absence == nil, Comment(rawValue: Browser.absence ?? "")))
  func aBrowserFindsNothingToObjectTo() throws {
    let space = try space()
    let file = space.folder("page.html")
    _ = try space.call("report", "-o", file, environment: Self.build)
    let browsed = try RunningProgram(
      Browser.python,
      [TestTools.root + "/Tests/EndToEndTests/Report/browse_report.py", file],
      environment: ["PATH": "/usr/bin:/bin", "HOME": space.folder.path], captures: space.folder
    ).wait()
    try #require(browsed.code == 0, "\(browsed.err)")
    let found = try JSONValue(parsing: Array(browsed.out.utf8))

    #expect(found["console"] == [], "\(browsed.out)")
    #expect(found["requests"] == [] && found["files"] == 1, "\(browsed.out)")
    for (place, violations) in found["violations"]?.object ?? [:] {
      let bad = (violations.array ?? []).filter {
        ["serious", "critical"].contains($0["impact"]?.string)
      }
      #expect(bad.isEmpty, "\(place): \(bad)")
    }
    #expect(found["violations"]?.object?.count == 2)
    // Light and dark, desktop and phone, with usual fonts and with one alone: nothing is cut off.
    let places = 4 * Int(found["fonts"]?.integer ?? 0)
    let wider = found["wider"]?.object ?? [:]
    #expect(wider.count == places + 2 && wider.values.allSatisfy { $0 == 0 }, "\(wider)")
    let cut = found["cut"]?.object ?? [:]
    #expect(cut.count == places && cut.values.allSatisfy { $0 == [] }, "\(cut)")

    let actions = found["actions"]
    let column = actions?["before"]?.array?.compactMap(\.string) ?? []
    #expect(column.count > 1 && column.sorted() != column.sorted(by: >), "\(browsed.out)")
    func names(_ sorted: [String], _ order: String) -> JSONValue {
      .array(([order] + sorted).map { .string($0) })
    }
    #expect(actions?["ascending"] == names(column.sorted(), "ascending"), "\(browsed.out)")
    #expect(actions?["descending"] == names(column.sorted(by: >), "descending"))
    #expect((actions?["all"]?.integer ?? 0) > 0 && actions?["changedOnly"] == ["true", 0])
    #expect(
      actions?["led"] == ["open": true, "focused": true, "filtered": false, "seen": true],
      "\(browsed.out)")
    #expect(actions?["boxes"] == true)

    let keyboard = found["keyboard"]
    #expect(keyboard?["first"] == "Skip to the results")
    #expect(keyboard?["unseen"] == [], "\(browsed.out)")
    #expect(keyboard?["copy"]?["selected"] == keyboard?["copy"]?["rule"])
    #expect(keyboard?["copy"]?["rule"] == "_t.propensity >= 0.2 and _t.name = \"<b>\"")
    #expect(keyboard?["artifact"] == [false, true])
    #expect(found["pdf"]?["isPDF"] == true, "\(browsed.out)")
  }
}
