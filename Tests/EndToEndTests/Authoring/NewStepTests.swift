// `atelier new step` and `atelier dev`: from no step to one that runs at each save.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct NewStepTests {
  private static let source = """
    import Atelier

    enum FixtureWorkshop: Workshop {
      static func wire(_ p: inout PipelineBuilder, _ settings: Settings) throws {
        let given = p.source("one.given", path: "x")
        let made = p.add(
          "one.made", Make(from: given))
        p.add("one.bare", Make(from: given))
      }
    }

    """

  private func space() throws -> FixtureSpace {
    let space = try FixtureSpace([
      ["name": "one.given", "source": "rows.csv"],
      ["name": "one.made", "script": "echo made > $out"],
      ["name": "one.bare", "script": "echo bare > $out"],
    ])
    try space.folder.write("n\n1\n", to: "rows.csv")
    try space.folder.write("", to: "Sources/AtelierProgram/Main.swift")
    try space.folder.write(Self.source, to: "Workshops/Fixture/Fixture.swift")
    return space
  }

  @Test func itWritesAFileAndTheLineThatWiresIt() throws {
    let space = try space()
    let ended = try space.call(
      "new", "step", "two.daily", "--sql", "--input", "rows=one.given", "--input", "m=one.made")
    try #require(ended.code == 0, "\(ended.err)")
    #expect(
      ended.out == "Workshops/Fixture/Scripts/daily.sql\nWorkshops/Fixture/Fixture.swift\n")
    let wiring = try TestFiles.text(space.folder("Workshops/Fixture/Fixture.swift"))
    #expect(
      wiring.contains(
        "\n    p.sql(\"two.daily\", \"daily.sql\", [\"rows\": given, \"m\": made.out], "
          + "as: CSVTable.self)\n  }\n"), "\(wiring)")
    #expect(
      wiring.hasPrefix("import Atelier\nimport LearningFormats\nimport ScriptSteps\n"))
    let sql = try TestFiles.text(space.folder("Workshops/Fixture/Scripts/daily.sql"))
    #expect(sql.hasSuffix("SELECT count(*) AS n FROM rows;\n"), "\(sql)")
    let python = try space.call("new", "step", "two.hourly", "--python")
    #expect(python.code == 0, "\(python.err)")
    #expect(
      try TestFiles.text(space.folder("Workshops/Fixture/Fixture.swift")).contains(
        "    p.python(\"two.hourly\", \"hourly.py\", [:], as: CSVTable.self)\n  }\n"))
  }

  @Test func aRefusalLeavesEverythingAsItWas() throws {
    let space = try space()
    try space.folder.write("SELECT 1", to: "Workshops/Fixture/Scripts/there.sql")
    let calls = [
      (try space.call("new", "step", "two.a"), "say what the step is: --sql or --python"),
      (try space.call("new", "step", "daily", "--sql"), "expected a stage and a name"),
      (try space.call("new", "step", "three.a", "--sql"), "its stages are one, two"),
      (try space.call("new", "step", "two.a b", "--sql"), "expected letters, digits"),
      (try space.call("new", "step", "two.there", "--sql"), "there.sql already"),
      (try space.call("new", "step", "one.made", "--sql"), "there is a step 'one.made'"),
      (
        try space.call("new", "step", "two.a", "--sql", "--input", "x=one.bare"),
        "keeps one.bare under no name"
      ),
      (
        try space.call("new", "step", "two.a", "--sql", "--input", "x=one.nothing"),
        "there is no step 'one.nothing'"
      ),
    ]
    for (ended, said) in calls {
      #expect(ended.code == 2 && ended.err.contains(said), "\(said): \(ended.err)")
    }
    #expect(try TestFiles.text(space.folder("Workshops/Fixture/Fixture.swift")) == Self.source)
    #expect(TestFiles.list(space.folder("Workshops/Fixture/Scripts")) == ["there.sql"])
  }

  @Test func aSavedScriptIsRunAndShownWithoutABuild() throws {
    let space = try FixtureSpace([["name": "one.a", "sql": "a.sql", "orderedBy": ["n"]]])
    try space.folder.write("", to: "Sources/AtelierProgram/Main.swift")
    let script = "Workshops/Fixture/Scripts/a.sql"
    try space.folder.write("SELECT 1 AS n", to: script)
    let variables = ["ATELIER_DUCKDB": TestTools.path(of: "duckdb") ?? ""]
    let dev = try space.start(["dev", "one.a", "--runs", "3"], environment: variables)
    func wait(for text: String) throws {
      try waitUntil("dev says: \(text)") { try dev.said().contains(text) }
    }
    try wait(for: "waiting for the next save")
    try space.folder.write("SELECT 2 AS n UNION ALL SELECT 3", to: script)
    try wait(for: "after the save")
    // A mistake is told with its line, and the loop goes on.
    try space.folder.write("SELECT 4 AS n;\nSELCT 5", to: script)
    let ended = try dev.wait()
    #expect(ended.code == 1)
    #expect(ended.out.contains("2\n") && ended.out.contains("3\n"), "\(ended.out)")
    #expect(ended.err.contains("saved: \(script)"), "\(ended.err)")
    #expect(ended.err.contains("a.sql:2: Parser Error"), "\(ended.err)")
    #expect(!ended.err.contains("building"))
    let misspelt = try space.call("dev", "one.b", environment: variables)
    #expect(misspelt.code == 2 && misspelt.err.contains("one.b"), "\(misspelt.err)")
  }
}
