// `atelier ui` in a real browser: a run that goes on, hostile texts, and very many runs and steps.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(
  .programs, .enabled(if: Browser.absence == nil, Comment(rawValue: Browser.absence ?? "")))
struct UIBrowserTests {
  private static let folder = TestTools.root + "/Tests/EndToEndTests/UI"
  private static let hostile = "<img src=x onerror=\"document.title='owned'\"></script>\u{202E}"

  private func browse(_ ui: UISpace, _ space: FixtureSpace, _ words: String...) throws -> JSONValue
  {
    let browsed = try RunningProgram(
      Browser.python, [Self.folder + "/browse_ui.py", ui.url] + words,
      environment: ["PATH": "/usr/bin:/bin", "HOME": space.folder.path], captures: space.folder
    ).wait()
    try #require(browsed.code == 0, "\(browsed.err)")
    return try JSONValue(parsing: Array(browsed.out.utf8))
  }

  @Test func aRunIsFollowedWithoutReloading() throws {
    let table = "name,text\n\"\(Self.hostile.replacing("\"", with: "\"\""))\",1\n"
    let held = try HeldSpace(
      held: ["one.a", "two.b"],
      others: [
        ["name": "one.metrics", "json": #"{"auc":0.5}"#],
        ["name": "one.table", "csv": .string(table)],
      ])
    let space = held.space
    for step in ["one.a", "two.b"] { try held.tell(step, "go") }
    let first = try space.run("--set", "Fixture.unused=first")
    try #require(first.code == 0, "\(first.err)")
    for step in ["one.a", "two.b"] { try TestFiles.write([], to: "\(held.orders)/\(step)") }
    let run = try space.start([
      "run", "--json", "--force", "one.a", "two.b", "one.metrics", "one.table",
    ])
    let ui = try UISpace(space, environment: Space.tools)
    let shots = ProcessInfo.processInfo.environment["ATELIER_UI_SHOTS"].map { [$0] } ?? []
    let found =
      try shots.isEmpty
      ? browse(ui, space, "live", held.orders) : browse(ui, space, "live", held.orders, shots[0])
    #expect(try run.wait().code == 0)

    let address = found["address"]?.string ?? ""
    #expect(address.hasPrefix(ui.origin) && !address.contains("token"), "\(address)")
    #expect(found["cookies"] == "" && found["mark"] == "the same page")
    #expect(
      found["again"]?.string == address && found["title"]?.string?.contains("Atelier") == true)
    #expect(found["console"] == [], "\(found["console"] ?? .null)")
    #expect(found["requests"] == [], "\(found["requests"] ?? .null)")
    for (place, violations) in found["violations"]?.object ?? [:] {
      #expect(violations == [], "\(place): \(violations)")
    }
    #expect(found["violations"]?.object?.count == 16)
    let wider = found["wider"]?.object ?? [:]
    #expect(wider.count == 16 && wider.values.allSatisfy { $0 == 0 }, "\(wider)")
    #expect(
      found["first"] == "Skip to the content" && found["unseen"] == [],
      "\(found["unseen"] ?? .null)")
    // What would be an element, or turn the direction of reading, is text.
    let shown = Self.hostile.replacing("\u{202E}", with: "\u{2039}U+202E\u{203A}")
    #expect(found["cells"]?.array?.first?.string == shown, "\(found["cells"] ?? .null)")
    #expect(found["log"]?.string?.contains("hello <img src=x onerror=") == true)
    #expect(found["log"]?.string?.contains("\u{2039}U+202E\u{203A}") == true)
    #expect(found["images"] == 0)
    let heads = (found["heads"]?.array ?? []).compactMap(\.string)
    #expect(heads.contains("Fixture.unused") && heads.contains { $0.hasSuffix("auc") }, "\(heads)")
    #expect(found["compared"]?.string?.contains("Fixture.unused") == true)
  }

  /// Prints how long the table takes; the limits are ten times those that people are promised.
  @Test func tenThousandRunsAndSteps() throws {
    let space = try FixtureSpace([["name": "one.metrics", "json": #"{"auc":0.5}"#]])
    try #require(try space.run().code == 0)
    let made = try RunningProgram(
      Browser.python, [Self.folder + "/make_runs.py", space.store, "9999", "10000"],
      environment: [:],
      captures: space.folder
    ).wait()
    try #require(made.code == 0, "\(made.err)")
    let ui = try UISpace(space)
    let found = try browse(ui, space, "large")
    #expect(found["console"] == [] && found["requests"] == [])
    func milliseconds(_ value: JSONValue?) -> Double {
      value?.number ?? value?.array?.first?.number ?? .infinity
    }
    func told(_ name: String) -> String {
      (found[name]?.object ?? [:]).sorted { $0.key < $1.key }
        .map { "\($0.key): \(Int(milliseconds($0.value))) ms" }.joined(separator: ", ")
    }
    print(
      "10,000 runs: first rows \(Int(milliseconds(found["firstRows"]))) ms, all \(Int(milliseconds(found["allRows"]))) ms; "
        + "sorts: \(told("sorts")); filters: \(told("filters")); "
        + "10,000 steps: table \(Int(milliseconds(found["steps"]))) ms, graph \(Int(milliseconds(found["graph"]))) ms, "
        + "sort \(Int(milliseconds(found["stepSort"]))) ms")
    #expect(milliseconds(found["firstRows"]) < 10_000)
    for (name, value) in found["sorts"]?.object ?? [:] {
      #expect(milliseconds(value) < 3000, "\(name)")
    }
    #expect(milliseconds(found["stepSort"]) < 3000)
    // Only what is in sight is in the page.
    #expect(
      (1...100).contains(found["shown"]?.integer ?? 0)
        && (1...100).contains(found["stepRows"]?.integer ?? 0))
    #expect(found["filters"]?["status=failed"]?.array?.last == "1000 of 10000 runs")
    // The longest run comes first.
    #expect(
      found["sorts"]?["Time"]?.array?.last?.string?.contains("16 min 41 s") == true, "\(found)")
  }
}
