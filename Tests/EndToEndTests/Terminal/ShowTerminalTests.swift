// `show` on a terminal: fitted to its width, paged when long; a pipe gets the whole table.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: TestTerminal.isThere, "needs `script` of util-linux"))
struct ShowTerminalTests {
  private let space: FixtureSpace

  init() throws {
    space = try FixtureSpace([["name": "one.rows", "invent": "csv"]])
    try #require(try space.run().code == 0)
  }

  private func show(
    columns: Int, rows: Int, options: String = "", environment: [String: String] = [:]
  ) throws -> String {
    let line =
      "\(TestPrograms.fixture) show one.rows \(options) --project \(space.folder.path)"
      + " --set Atelier.root=\(space.store)"
    let (code, shown) = try TestTerminal(
      line, columns: columns, rows: rows, environment: environment
    ).end()
    #expect(code == 0, "\(shown)")
    return shown
  }

  @Test func aNarrowTerminalHidesAColumnAndSaysWhich() throws {
    let whole = try space.call("show", "one.rows").out
    #expect(try show(columns: 80, rows: 24) == whole)
    #expect(whole.hasPrefix("name") && whole.contains("value\n"))
    let narrow = try show(columns: 12, rows: 24)
    #expect(narrow == "name\n----\na\nb\nc\n... 1 more …\n")
  }

  @Test func whatIsLongGoesThroughThePager() throws {
    let log = space.folder("paged")
    let pager = ["PAGER": "cat >'\(log)'"]
    // Five lines on three rows.
    #expect(try show(columns: 80, rows: 3, environment: pager) == "")
    #expect(try TestFiles.text(log) == space.call("show", "one.rows").out)
    #expect(
      try show(
        columns: 80, rows: 3, environment: ["PAGER": "false", "ATELIER_PAGER": "sed s/a/A/"]
      )
      .hasPrefix("nAme"))
    #expect(
      try show(columns: 80, rows: 3, options: "--no-pager", environment: pager).hasPrefix("name"))
    #expect(try show(columns: 80, rows: 3, environment: ["PAGER": ""]).hasPrefix("name"))
    #expect(try show(columns: 80, rows: 24, environment: pager).hasPrefix("name"))
    // A pager that is not installed gets nothing, so the text is printed.
    #expect(
      try show(columns: 80, rows: 3, environment: ["PAGER": "no-such-pager-here"])
        .contains("name"))
    // Whoever leaves the pager early is no error.
    #expect(try show(columns: 80, rows: 3, environment: ["PAGER": "true"]) == "")
  }

  @Test func aPipeIsNeverPaged() throws {
    let ended = try space.call("show", "one.rows", environment: ["PAGER": "false"])
    #expect(ended.out.hasPrefix("name"))
  }
}
