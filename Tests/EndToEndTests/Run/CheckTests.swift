// `check`: outputs against committed baselines, as a person and as a CI system see it.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct CheckTests {
  private let space: FixtureSpace

  private static let rows = "name,score\na,1\nb,2\nc,3\n"
  private static let document = #"{"auc":0.9,"model":{"depth":3}}"#

  private static func nodes(
    rows: String = rows, document: String = document, more: [JSONValue] = []
  ) -> [JSONValue] {
    [
      ["name": "one.rows", "csv": .string(rows)],
      ["name": "one.metrics", "json": .string(document)],
    ] + more
  }

  init() throws { space = try FixtureSpace(Self.nodes()) }

  private var file: String { space.folder("Workshops/Fixture/Baselines/small.json") }

  private func check(
    _ words: String..., environment: [String: String] = [:]
  ) throws -> EndedProgram {
    let tools = ["ATELIER_DUCKDB": try #require(TestTools.path(of: "duckdb"))]
    return try space.start(["check"] + words, environment: tools.merging(environment) { $1 }).wait()
  }

  private func update() throws {
    let ended = try check("--update")
    try #require(ended.code == 0, "\(ended.err)")
  }

  /// Edits the baseline as a person would.
  private func edit(_ old: String, _ new: String) throws {
    let text = try TestFiles.text(file)
    try #require(text.contains(old), "\(text)")
    try TestFiles.write(Array(text.replacing(old, with: new).utf8), to: file)
  }

  /// Gives the document's numbers a tolerance.
  private func tolerate(_ tolerance: String) throws {
    try edit(
      "\"numbers\": {\n        \"/auc\"", "\(tolerance),\n      \"numbers\": {\n        \"/auc\"")
  }

  private func event(_ ended: EndedProgram, _ output: String) -> JSONValue? {
    ended.events.first { $0["event"] == "check" && $0["output"]?.string == output }
  }

  // MARK: - Verdicts

  @Test func withoutABaselineItSaysHowToMakeOne() throws {
    let ended = try check()
    #expect(ended.code == 2)
    #expect(ended.err.contains("make it with `atelier check fixture --update`"), "\(ended.err)")
    try update()
    let other = try check("--baseline", "full")
    #expect(other.code == 2)
    #expect(other.err.contains("--update --baseline full`, or take one of these: small"))
    let wrong = try check("one.rows")
    #expect(wrong.code == 2)
    #expect(wrong.err.contains("there is no workshop 'one.rows'"), "\(wrong.err)")
  }

  @Test func whatIsEqualIsFine() throws {
    try update()
    let ended = try check()
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.out == "Workshops/Fixture/Baselines/small.json: 2 same\n")
    let json = try check("fixture", "--json")
    #expect(json.events.count == 1)
    #expect(json.events.first?["status"] == "ok")
    // Nothing but the file itself is left in its folder.
    #expect(
      TestFiles.list(space.folder("Workshops/Fixture/Baselines")) == ["small.json"])
  }

  @Test func anotherNumberIsARegressionUnlessItsToleranceAllowsIt() throws {
    try update()
    try space.setGraph(Self.nodes(document: #"{"auc":0.905,"model":{"depth":3}}"#))
    let exact = try check("--json")
    #expect(exact.code == 3)
    let values = event(exact, "one.metrics.document")?["values"]?.array ?? []
    #expect(values.map { $0["value"] } == ["bytes", "/auc"])
    #expect(values.last?["was"]?.number == 0.9 && values.last?["is"]?.number == 0.905)
    try tolerate(#""tolerance": {"relative": 0.01}"#)
    let within = try check()
    #expect(within.code == 0, "\(within.out)")
    let line = within.out.split(separator: "\n").first { $0.hasPrefix("one.metrics.document") }
    #expect(
      line?.split(separator: " ", omittingEmptySubsequences: true).dropFirst().joined(
        separator: " ")
        == "/auc 0.9 0.905 +0.005 (+0.56%) 1 % within", "\(within.out)")
    try edit("0.01}", "0.001}")
    let outside = try check()
    #expect(outside.code == 3)
    #expect(outside.out.contains("0.1 %") && outside.out.contains("1 same, 1 moved"))
  }

  @Test func otherRowsAreNamedByTheirKeyAndColumn() throws {
    try update()
    try space.setGraph(Self.nodes(rows: "name,score\na,1\nb,2.5\nd,4\n"))
    let ended = try check("--json")
    #expect(ended.code == 3)
    let moved = event(ended, "one.rows.rows")
    #expect(moved?["verdict"] == "moved")
    #expect(
      moved?["details"] == [
        "name=b: score 2 -> 2.5", "name=c: gone", "name=d: new",
        "columns that moved, with their rows: score (1)",
        "rows: 1 changed, 1 gone, 1 new; 3 -> 3",
      ], "\(ended.out)")
    // The type of the column moved with it, and each number by its row.
    let values = (moved?["values"]?.array ?? []).compactMap { $0["value"]?.string }
    #expect(values == ["bytes", "columns", "b score", "c score", "d score"], "\(ended.out)")
    let text = try check()
    #expect(text.out.contains("    name=b: score 2 -> 2.5\n"), "\(text.out)")
  }

  @Test func oldBytesThatAreGoneAreSaidToBe() throws {
    try update()
    let run = try space.run()
    let old = try run.digest(of: "one.rows", output: "rows")
    try FileManager.default.removeItem(atPath: space.blob(old))
    try space.setGraph(Self.nodes(rows: "name,score\na,1\n"))
    let ended = try check("--json")
    #expect(ended.code == 3)
    let moved = event(ended, "one.rows.rows")
    let lines = (moved?["details"]?.array ?? []).compactMap(\.string)
    #expect(lines.count == 1 && lines.first?.contains("\(old), are neither") == true, "\(lines)")
    let values = moved?["values"]?.array ?? []
    let rows = values.first { $0["value"] == "rows" }
    #expect(rows?["was"]?.number == 3 && rows?["is"]?.number == 1)
  }

  @Test func aLongTableIsSummarised() throws {
    let lines = (0..<300).map { "\($0),\($0 % 7 == 0 ? "red" : "blue")\n" }.joined()
    try space.setGraph([["name": "one.long", "csv": .string("id,colour\n" + lines)]])
    try update()
    let json = try JSONValue(parsing: TestFiles.read(file))
    let entry = json["entries"]?["one.long.rows"]
    #expect(entry?["rows"] == 300)
    #expect(
      entry?["columns"] == [
        [
          "name": "id", "type": "BIGINT", "nulls": 0, "distinct": 300, "min": 0, "max": 299,
          "mean": 149.5, "p25": 74.75, "p50": 149.5, "p75": 224.25,
        ],
        [
          "name": "colour", "type": "VARCHAR", "nulls": 0, "distinct": 2, "min": "blue",
          "max": "red", "top": ["blue": 257, "red": 43],
        ],
      ])
    try space.setGraph([
      ["name": "one.long", "csv": .string("id,colour\n" + lines.replacing("1,blue", with: "1,"))]
    ])
    let ended = try check("--json")
    let values = (event(ended, "one.long.rows")?["values"]?.array ?? []).compactMap {
      $0["value"]?.string
    }
    #expect(ended.code == 3)
    #expect(values == ["bytes", "colour.nulls", "colour.top.blue"])
  }

  @Test func missingExtraAndRenamedOutputsAreRegressions() throws {
    try space.setGraph(Self.nodes(more: [["name": "one.gone", "json": "[1]"]]))
    try update()
    try space.setGraph([
      ["name": "one.table", "csv": .string(Self.rows)],
      ["name": "one.metrics", "json": .string(Self.document)],
      ["name": "one.more", "json": "[2]"],
    ])
    let ended = try check("--json")
    #expect(ended.code == 3)
    #expect(event(ended, "one.rows.rows")?["verdict"] == "renamed")
    #expect(event(ended, "one.rows.rows")?["now"] == "one.table.rows")
    #expect(event(ended, "one.gone.document")?["verdict"] == "missing")
    #expect(event(ended, "one.more.document")?["verdict"] == "extra")
    #expect(
      try check().out.hasSuffix("small.json: 1 same, 1 missing, 1 extra, 1 renamed\n"))
    #expect(try check().err.contains("Meant? `atelier check fixture --update`"))
    #expect(try !check("--update").err.contains("Meant?"))
  }

  @Test func onAnotherPlatformOnlyTolerancesAndSchemaCount() throws {
    try update()
    try tolerate(#""tolerance": {"absolute": 0.01}"#)
    let text = try TestFiles.text(file)
    let platform = try #require(JSONValue(parsing: text)["platform"]?.string)
    try edit(platform, "amiga-m68k")
    try space.setGraph(
      Self.nodes(
        rows: "name,score\na,1\nb,2\nc,4\n", document: #"{"auc":0.901,"model":{"depth":3}}"#))
    let ended = try check()
    #expect(ended.code == 0, "\(ended.out)")
    #expect(ended.out.contains("1 within tolerance, 1 not comparable here"), "\(ended.out)")
    #expect(ended.out.contains("the digests are those of amiga-m68k, this is \(platform)"))
    try space.setGraph(Self.nodes(document: #"{"auc":0.95,"model":{"depth":3}}"#))
    #expect(try check().code == 3)
  }

  // MARK: - Runs and updates

  @Test func anUpdateShowsWhatChangesAndKeepsTolerances() throws {
    try update()
    try tolerate(#""tolerance": {"relative": 0.25}"#)
    try space.setGraph(Self.nodes(document: #"{"auc":0.5,"model":{"depth":3}}"#))
    #expect(try check().code == 3)
    let ended = try check("--update")
    #expect(ended.code == 0)
    #expect(ended.out.contains("/auc") && ended.out.contains("0.5"), "\(ended.out)")
    #expect(ended.err.contains("small.json: written, 2 outputs"), "\(ended.err)")
    let entry = try JSONValue(parsing: TestFiles.read(file))["entries"]?["one.metrics.document"]
    #expect(entry?["tolerance"] == ["relative": 0.25])
    #expect(entry?["numbers"]?["/auc"] == 0.5)
    #expect(try check().code == 0)
    let before = try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int
    let again = try check("--update")
    #expect(again.err.contains("nothing to change"))
    let after = try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int
    #expect(before == after)
  }

  @Test func settingsAreKeptAndAppliedAndSetGoesBeforeThem() throws {
    try space.folder.write(
      try JSONValue.object(["nodes": .array([["name": "one.other", "json": "[1]"]])])
        .canonicalText(), to: "Workshops/Fixture/other.json")
    let other = "Workshops/Fixture/other.json"
    let made = try check("--update", "--set", "Fixture.graph=\(other)")
    #expect(made.code == 0, "\(made.err)")
    let json = try JSONValue(parsing: TestFiles.read(file))
    // Where results are kept is no part of it.
    #expect(json["settings"] == ["Fixture.graph": .string(other)])
    #expect(try check().code == 0)
    #expect(try check("--set", "Fixture.Graph=Workshops/Fixture/graph.json").code == 3)
  }

  @Test func nothingIsDelivered() throws {
    try space.setGraph([
      ["name": "one.a", "script": "echo a > $out"],
      ["name": "one.out", "deliver": "one.a"],
      [
        "name": "two.b", "inputs": ["one.out"], "script": "cat < $one_out > $out", "tools": ["cat"],
      ],
    ])
    try update()
    #expect(!FileManager.default.fileExists(atPath: space.store + "/bucket"))
    let entries = try JSONValue(parsing: TestFiles.read(file))["entries"]?.object ?? [:]
    #expect(Set(entries.keys) == ["one.a.out", "two.b.out"])
    #expect(try space.run().code == 0)
    #expect(FileManager.default.fileExists(atPath: space.store + "/bucket"))
  }

  @Test func runsAndChecksAreExplainedApart() throws {
    try space.setGraph([["name": "one.a", "script": "echo a > $out"]])
    try #require(space.run().code == 0)
    try space.setGraph([["name": "one.a", "script": "echo b > $out"]])
    // The check's own first run, though the workshop has a record of the step.
    let first = try check("--update")
    #expect(first.err.contains("first run"), "\(first.err)")
    try space.setGraph([["name": "one.a", "script": "echo c > $out"]])
    let second = try check("--update")
    #expect(second.err.contains("echo b > $out"), "\(second.err)")
    try space.setGraph([["name": "one.a", "script": "echo d > $out"]])
    let run = try space.run()
    #expect(run.out.contains("echo a > $out"), "\(run.out)")
    let list = try space.start(["list", "runs"]).wait()
    #expect(list.out.components(separatedBy: "fixture check small").count == 3, "\(list.out)")
    let latest = try space.start(["diff", "latest~1", "latest"]).wait()
    #expect(latest.out.contains("echo a") && latest.out.contains("echo d"), "\(latest.out)")
    #expect(!latest.out.contains("echo c"), "\(latest.out)")
  }

  @Test func anUpdateThatIsKilledLeavesTheOldOrTheNewBaseline() throws {
    let begun = Date()
    try update()
    let length = Date().timeIntervalSince(begun)
    var old = try TestFiles.read(file)
    var (killed, written) = (0, 0)
    for round in 0..<12 {
      try space.setGraph(Self.nodes(rows: "name,score\na,\(round)\n"))
      let program = try space.start(
        ["check", "--update"],
        environment: ["ATELIER_DUCKDB": try #require(TestTools.path(of: "duckdb"))])
      // From the beginning to well after the end of an undisturbed one.
      usleep(UInt32(length * 1e6 * Double(round) / 8))
      program.signal(SIGKILL)
      if try program.wait().signal == SIGKILL { killed += 1 }
      let now = try TestFiles.read(file)
      if now != old {
        written += 1
        #expect(String(decoding: now, as: UTF8.self).contains("\"score\": \(round)\n"))
        _ = try JSONValue(parsing: now)
      }
      old = now
    }
    #expect(killed > 0 && written > 0, "\(killed) killed, \(written) written, of 12")
    let ended = try check("--update")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try check().code == 0)
    // What a kill between writing and renaming left is taken over by the next update.
    #expect(TestFiles.list(space.folder("Workshops/Fixture/Baselines")) == ["small.json"])
  }

  @Test func aFailedStepIsNoRegression() throws {
    try update()
    try space.setGraph(Self.nodes(more: [["name": "one.bad", "script": "echo no >&2; exit 7"]]))
    let junit = space.folder("failed.xml")
    let ended = try check("--junit", junit, "--update")
    #expect(ended.code == 1)
    #expect(ended.err.contains("nothing was compared"))
    #expect(try xml(junit) == ["1", "0", "1", "one.bad"])
    let entries = try JSONValue(parsing: TestFiles.read(file))["entries"]?.object ?? [:]
    #expect(entries.count == 2)
  }

  @Test func aDamagedBaselineIsNamed() throws {
    try update()
    try edit("\"kind\": \"file\"", "\"kind\": \"flie\"")
    let ended = try check()
    #expect(ended.code == 2)
    #expect(ended.err.contains("Workshops/Fixture/Baselines/small.json: entries."), "\(ended.err)")
    #expect(ended.err.contains("expected file or tree"))
  }

  // MARK: - What CI systems read

  /// Tests, failures, errors and the first failed case of a JUnit file, as Python's parser reads it.
  private func xml(_ path: String) throws -> [String] {
    let script = """
      import sys, xml.etree.ElementTree as tree
      root = tree.parse(sys.argv[1]).getroot()
      suite = root.find('testsuite')
      cases = suite.findall('testcase')
      for tag in ('failure', 'error', 'skipped'):
          counted = {'failure': 'failures', 'error': 'errors', 'skipped': 'skipped'}[tag]
          assert int(suite.get(counted)) == len(suite.findall('testcase/' + tag)), tag
      assert int(suite.get('tests')) == len(cases) == int(root.get('tests'))
      bad = [c for c in cases if c.find('failure') is not None or c.find('error') is not None]
      print(suite.get('tests'), suite.get('failures'), suite.get('errors'),
            bad[0].get('name') if bad else '', sep='\\n')
      for case in bad:
          for node in case:
              print(node.get('message'), node.text, sep='\\n')
      """
    let ended = try Space.start(
      "/usr/bin/env", ["python3", "-c", script, path], environment: Space.tools,
      folder: space.folder.path)
    guard ended.code == 0 else { throw ProgramError(ended.err) }
    let lines = ended.out.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.prefix(4).map(String.init)
  }

  @Test func junitIsValidAndCountsFailures() throws {
    try update()
    let path = space.folder("check.xml")
    #expect(try check("--junit", path).code == 0)
    #expect(try xml(path) == ["2", "0", "0", ""])
    try space.setGraph(Self.nodes(rows: "name,score\na,1\nb,2\n\"<&\"\"\u{1B}]]>é\",3\n"))
    #expect(try check("--junit", path).code == 3)
    #expect(try xml(path) == ["2", "1", "0", "one.rows.rows"])
    #expect(try TestFiles.text(path).contains("é"))
  }

  @Test func annotationsAndSummaryOfGitHub() throws {
    try update()
    try space.setGraph(Self.nodes(rows: "name,score\na,1\nb|*,2\nc,50%\n"))
    let summary = try space.folder.write("before\n", to: "summary.md")
    let environment = ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary]
    let ended = try check("--rows", environment: environment)
    #expect(ended.code == 3)
    let commands = ended.err.split(separator: "\n").filter { $0.hasPrefix("::") }
    #expect(commands.count == 1)
    let command = try #require(commands.first)
    let lines = try TestFiles.text(file).split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.contains("\"one.rows.rows\"") }) + 1
    #expect(
      command.hasPrefix(
        "::error file=Workshops/Fixture/Baselines/small.json,line=\(line),title=one.rows.rows::"))
    #expect(command.contains("50%25") && command.contains("%0A"), "\(command)")
    let text = try TestFiles.text(summary)
    #expect(text.hasPrefix("before\n### Workshops/Fixture/Baselines/small.json: 1 same, 1 moved"))
    #expect(text.contains("| output | value | was |"))
    #expect(text.contains("name=b\\|\\*: new"), "\(text)")
    #expect(try check(environment: ["GITHUB_ACTIONS": "false"]).err.contains("::error") == false)
  }
}
