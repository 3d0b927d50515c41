// `check` as CI systems call it: every workshop, no row of data in a log, a store that has to be there.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct CheckInCITests {
  private let space: FixtureSpace

  private static func nodes(
    rows: String = "name,score\na,1\n", document: String = #"{"auc":0.9}"#
  ) -> [JSONValue] {
    [
      ["name": "one.rows", "csv": .string(rows)],
      ["name": "one.metrics", "json": .string(document)],
    ]
  }

  init() throws { space = try FixtureSpace(Self.nodes()) }

  private func check(
    _ words: String..., in environment: [String: String] = [:]
  ) throws -> EndedProgram {
    let tools = ["ATELIER_DUCKDB": try #require(TestTools.path(of: "duckdb"))]
    return try space.start(["check"] + words, environment: tools.merging(environment) { $1 }).wait()
  }

  /// Who sees a log of CI need not see the data: identifiers of people, above all.
  @Test(arguments: ["GITHUB_ACTIONS", "GITLAB_CI"])
  func noRowOfDataIsInALogOfCI(variable: String) throws {
    try space.setGraph(Self.nodes(rows: "userId,score\n16439871,1\n2244,2\n"))
    #expect(try check("--update").code == 0)
    try space.setGraph(Self.nodes(rows: "userId,score\n16439871,5\n77331,2\n"))
    let summary = try space.folder.write("", to: "summary.md")
    let junit = space.folder("check.xml")
    let ended = try check(
      "--junit", junit, in: [variable: "true", "GITHUB_STEP_SUMMARY": summary])
    #expect(ended.code == 3)
    let json = try check("--json", in: [variable: "true"])
    let files = try [junit, summary].map(TestFiles.text)
    for text in [ended.out, ended.err, json.out, json.err] + files {
      for row in ["16439871", "2244", "77331"] { #expect(!text.contains(row), "\(text)") }
    }
    #expect(ended.out.contains("rows: 1 changed, 1 gone, 1 new; 2 -> 2"), "\(ended.out)")
    #expect(ended.out.contains("rows are left out (--no-rows)"))
    let shown = try check("--rows", in: [variable: "true"])
    #expect(shown.out.contains("userId=16439871: score 1 -> 5"), "\(shown.out)")
    #expect(try check("--no-rows").out.contains("16439871") == false)
    #expect(try check("--rows", "--no-rows").code == 2)
  }

  @Test func allWorkshopsThatHaveTheBaselineAreChecked() throws {
    #expect(try check("--all").err.contains("no workshop has a baseline 'small'"))
    #expect(try check("--update").code == 0)
    let fine = try check("--all")
    #expect(fine.code == 0 && fine.out == "Workshops/Fixture/Baselines/small.json: 2 same\n")
    #expect(fine.err.contains("other: there is no baseline"), "\(fine.err)")
    #expect(try check("--all", "--update").code == 0)
    try space.setGraph(Self.nodes(document: #"{"auc":0.1}"#))
    let junit = space.folder("check.xml")
    let moved = try check("--all", "--junit", junit)
    #expect(moved.code == 3 && moved.err.contains("1 output differs. Meant?"), "\(moved.err)")
    #expect(try TestFiles.text(junit).contains("<testsuites tests=\"2\" failures=\"1\""))
    for words in [["--all", "fixture"], ["--all", "-w", "fixture"]] {
      let ended = try space.start(["check"] + words).wait()
      #expect(ended.code == 2 && ended.err.contains("--all checks every workshop"), "\(ended.err)")
    }
  }

  @Test func aSharedStoreThatIsRequiredMustBeThere() throws {
    #expect(try check("--update").code == 0)
    // What is cached here asks nobody.
    try space.setGraph(Self.nodes(document: #"{"auc":0.2}"#))
    let ended = try check("--require-remote", "--set", "Atelier.shared=/dev/null/store")
    #expect(ended.code == 5 && ended.err.contains("/dev/null/store"), "\(ended.code) \(ended.err)")
  }
}
