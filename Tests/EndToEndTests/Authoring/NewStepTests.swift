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
      ["name": "one.hidden", "script": "echo hidden > $out"],
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
      (try space.call("new", "step", "two.a"), "say what the step is: --sql, --python or --swift"),
      (try space.call("new", "step", "daily", "--sql"), "expected a stage and a name"),
      (try space.call("new", "step", "three.a", "--sql"), "its stages are one, two"),
      (try space.call("new", "step", "two.a b", "--sql"), "expected letters, digits"),
      (try space.call("new", "step", "two.there", "--sql"), "there.sql already"),
      (try space.call("new", "step", "one.made", "--sql"), "there is a step 'one.made'"),
      (
        try space.call("new", "step", "two.a", "--sql", "--input", "x=one.hidden"),
        "one.hidden is not wired by a statement of its own in the function `wire`"
      ),
      (
        try space.call("new", "step", "two.a", "--sql", "--input", "x=one.nothing"),
        "there is no step 'one.nothing'"
      ),
      (
        try space.call("new", "step", "nothing/two.a", "--sql"), "there is no workshop 'nothing'"
      ),
    ]
    for (ended, said) in calls {
      #expect(ended.code == 2 && ended.err.contains(said), "\(said): \(ended.err)")
    }
    #expect(try TestFiles.text(space.folder("Workshops/Fixture/Fixture.swift")) == Self.source)
    #expect(TestFiles.list(space.folder("Workshops/Fixture/Scripts")) == ["there.sql"])
  }

  @Test func aStepThatIsNotBuiltYetIsKnownByItsSource() throws {
    let space = try space()
    for (name, language) in [("daily", "--sql"), ("hourly", "--python")] {
      let ended = try space.call("new", "step", "two.\(name)", language)
      #expect(ended.code == 0, "\(ended.err)")
    }
    let wiring = "Workshops/Fixture/Fixture.swift"
    let before = try TestFiles.text(space.folder(wiring))
    let again = try space.call("new", "step", "two.daily", "--python")
    #expect(
      again.code == 2
        && again.err.contains(
          "there is a step 'two.daily' in \(wiring) already, which is not built yet"),
      "\(again.err)")
    #expect(try TestFiles.text(space.folder(wiring)) == before)
    for call in [
      ["run", "two.daily"], ["show", "two.daily"], ["show", "two.daily.table"],
      ["status", "two.daily"], ["dev", "two.daily"], ["explain", "two.daily"],
      ["why", "two.daily"], ["log", "two.daily"], ["shell", "two.daily"],
      ["run", "fixture/two.daily"],
    ] {
      let ended = try space.start(call).wait()
      #expect(
        ended.code == 2
          && ended.err.contains("'two.daily' is in \(wiring), and not built yet: run `make build`"),
        "\(call): \(ended.err)")
    }
  }

  @Test func aWorkshopThatIsNotBuiltYetIsKnownByItsSource() throws {
    let space = try space()
    try space.folder.write(
      "public static let name = \"sales-tax\"\n", to: "Workshops/SalesTax/SalesTax.swift")
    for call in [
      ["run", "sales-tax"], ["show", "sales-tax/totals.sums"], ["status", "-w", "sales-tax"],
      ["dev", "sales-tax/totals.sums"], ["check", "sales-tax"],
      ["list", "steps", "-w", "sales-tax"],
      ["new", "step", "sales-tax/totals.top", "--sql"], ["report", "sales-tax/latest"],
      ["diff", "sales-tax/latest"], ["verify", "sales-tax"], ["config", "list", "-w", "sales-tax"],
    ] {
      let ended = try space.start(call).wait()
      #expect(
        ended.code == 2
          && ended.err.contains(
            "the workshop 'sales-tax' is in Workshops/SalesTax/SalesTax.swift, and not built yet"),
        "\(call): \(ended.err)")
    }
  }

  @Test func aStepThatTheSettingsLeaveOutIsNotTakenForOneToBuild() throws {
    let space = try space()
    let wiring = space.folder("Workshops/Fixture/Fixture.swift")
    try space.folder.write(
      Self.source.replacing("p.add(\"one.bare\"", with: "p.stage(\"two\") { two in two.add(\"odd\"")
        + "// p.add(\"two.never\"\n", to: "Workshops/Fixture/Fixture.swift")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: wiring)
    let ended = try space.call("run", "two.odd")
    #expect(
      ended.code == 2 && ended.err.contains("but the settings that hold here leave it out"),
      "\(ended.err)")
    for name in ["two.never", "one.odd", "two.wrong"] {
      let ended = try space.call("run", name)
      #expect(
        ended.code == 2 && ended.err.contains("has no stage or step '\(name)'"), "\(ended.err)")
    }
  }

  @Test func anInputGetsANameInTheWiringWhereItHasNone() throws {
    let space = try space()
    func new(_ name: String, _ inputs: String...) throws -> String {
      let ended = try space.start(
        ["new", "step", name, "--sql"] + inputs.flatMap { ["--input", $0] }
      ).wait()
      #expect(ended.code == 0, "\(ended.err)")
      return try TestFiles.text(space.folder("Workshops/Fixture/Fixture.swift"))
    }
    // Built and without a name, then one that is not built.
    let first = try new("two.top-items", "x=one.bare")
    #expect(first.contains("    let bare = p.add(\"one.bare\", Make(from: given))\n"), "\(first)")
    #expect(first.contains("[\"x\": bare.out]"), "\(first)")
    let second = try new("two.b", "y=two.top-items", "given=one.bare.out")
    #expect(
      second.contains(
        "    let topItems = p.sql(\"two.top-items\", \"top-items.sql\", [\"x\": bare.out]"),
      "\(second)")
    #expect(second.contains("[\"y\": topItems, \"given\": bare.out]"), "\(second)")
    // A name that is taken gets a number.
    let third = try new("two.given", "x=one.given")
    #expect(third.contains("p.sql(\"two.given\", \"given.sql\", [\"x\": given]"), "\(third)")
    let fourth = try new("two.c", "x=two.given")
    #expect(fourth.contains("    let given2 = p.sql(\"two.given\""), "\(fourth)")
  }

  @Test func anInputMayBeOneOfSeveralOutputs() throws {
    let space = try space()
    try space.folder.write(
      Self.source.replacing(
        "    p.add(\"one.bare\"",
        with: """
              let (days, _) = p.sql(
                "one.counts", "counts.sql", ["given": given],
                outputs: ScriptOutput("days", as: CSVTable.self, orderedBy: ["day"]),
                ScriptOutput("hours", as: CSVTable.self, orderedBy: ["day"]))
              p.add("one.bare"
          """), to: "Workshops/Fixture/Fixture.swift")
    let vague = try space.call("new", "step", "two.a", "--sql", "--input", "x=one.counts")
    #expect(
      vague.code == 2 && vague.err.contains("say which, such as x=one.counts.days"), "\(vague.err)")
    let ended = try space.call(
      "new", "step", "two.a", "--sql", "--input", "x=one.counts.days", "--input",
      "y=one.counts.hours")
    let text = try TestFiles.text(space.folder("Workshops/Fixture/Fixture.swift"))
    #expect(ended.code == 0, "\(ended.err)")
    #expect(text.contains("    let (days, hours) = p.sql(\n"), "\(text)")
    #expect(text.contains("[\"x\": days, \"y\": hours]"), "\(text)")
    let none = try space.call("new", "step", "two.b", "--sql", "--input", "x=one.counts.weeks")
    #expect(
      none.code == 2 && none.err.contains("one.counts has no output 'weeks'; it has days, hours"),
      "\(none.err)")
  }

  private static let package = """
    let families: [Target] = [
      family("Query", ["DuckDB"]),
      family(
        "Learn",
        [
          "Content", "LearningFormats",
        ]),
    ]

    let workshops: [Target] = [
      workshop("Fixture", ["Command"], embedding: ["A", "B"])
    ]

    """

  /// A checkout with families, and modules of formats.
  private func swiftSpace() throws -> FixtureSpace {
    let space = try space()
    try space.folder.write(Self.package, to: "Package.swift")
    try space.folder.write(
      Self.source.replacing("path: \"x\")", with: "path: \"x\", as: CSVTable.self)"),
      to: "Workshops/Fixture/Fixture.swift")
    try space.folder.write("public enum CSVTable {}\n", to: "Steps/LearningFormats/Formats.swift")
    try space.folder.write("public struct CountRows: Step {}\n", to: "Steps/Query/CountRows.swift")
    return space
  }

  @Test func aSwiftStepGoesIntoTheWorkshopsOwnFamily() throws {
    let space = try swiftSpace()
    let ended = try space.call(
      "new", "step", "two.top-items", "--swift", "--input", "rows=one.given", "--input",
      "m=one.made")
    try #require(ended.code == 0, "\(ended.err)")
    #expect(
      ended.out
        == "Steps/FixtureSteps/TopItems.swift\nWorkshops/Fixture/Fixture.swift\nPackage.swift\n")
    #expect(ended.err.contains("the format of m is not known here"), "\(ended.err)")
    let wiring = try TestFiles.text(space.folder("Workshops/Fixture/Fixture.swift"))
    #expect(
      wiring.contains(
        "\n    p.add(\"two.top-items\", TopItems(rows: given, m: AnyArtifact(made.out)))\n  }\n"),
      "\(wiring)")
    #expect(wiring.hasPrefix("import Atelier\nimport FixtureSteps\n"))
    let package = try TestFiles.text(space.folder("Package.swift"))
    #expect(
      package.contains("\n  family(\"FixtureSteps\", [\"LearningFormats\"]),\n]"), "\(package)")
    #expect(
      package.contains(
        "workshop(\"Fixture\", [\"Command\", \"FixtureSteps\"], embedding: [\"A\", \"B\"])"),
      "\(package)")
    // A second one finds the family there.
    let second = try space.call("new", "step", "two.more", "--swift")
    #expect(
      second.out == "Steps/FixtureSteps/More.swift\nWorkshops/Fixture/Fixture.swift\n",
      "\(second.out)\(second.err)")
  }

  @Test func aFamilyThatExistsIsNamed() throws {
    let space = try swiftSpace()
    let ended = try space.call("new", "step", "two.count", "--swift", "--family", "Query")
    try #require(ended.code == 0, "\(ended.err)")
    #expect(ended.err.contains("the first in Query to import LearningFormats"), "\(ended.err)")
    #expect(
      try TestFiles.text(space.folder("Package.swift"))
        == Self.package.replacing("[\"DuckDB\"]", with: "[\"DuckDB\", \"LearningFormats\"]")
        .replacing("[\"Command\"]", with: "[\"Command\", \"Query\"]"))
    // A list over several lines gets one more.
    try space.folder.write(
      Self.package.replacing("\"Content\", \"LearningFormats\"", with: "\"Content\""),
      to: "Package.swift")
    let learn = try space.call("new", "step", "two.learn", "--swift", "--family", "Learn")
    #expect(learn.code == 0, "\(learn.err)")
    let package = try TestFiles.text(space.folder("Package.swift"))
    #expect(
      package.contains("    [\n      \"Content\",\n      \"LearningFormats\",\n    ]),\n"),
      "\(package)")
  }

  @Test(arguments: [
    (["two.a", "--swift", "--sql"], "say what the step is"),
    (["two.a", "--sql", "--family", "Query"], "--family is for Swift steps"),
    (["two.a", "--swift", "--family", "Qurey"], "there is no family 'Qurey'"),
    (["two.2d", "--swift"], "begins with a letter"),
    (["two.step", "--swift"], "has the name Step; take another, such as make-step"),
    (["two.count_rows", "--swift"], "there is a type CountRows in Steps/Query/CountRows.swift"),
    (["two.there", "--swift"], "there is Steps/FixtureSteps/There.swift already"),
    (["two.a", "--swift", "--input", "in=one.given"], "'in' cannot name an input"),
    (["two.a", "--swift", "--input", "x-y=one.given"], "'x-y' cannot name an input"),
    (["one.made", "--swift"], "there is a step 'one.made'"),
  ])
  func aSwiftStepThatCannotBeIsRefused(_ words: [String], _ why: String) throws {
    let space = try swiftSpace()
    try space.folder.write("// Nothing.\n", to: "Steps/FixtureSteps/There.swift")
    let ended = try space.start(["new", "step"] + words).wait()
    #expect(ended.code == 2 && ended.err.contains(why), "\(ended.err)")
    #expect(try TestFiles.text(space.folder("Package.swift")) == Self.package)
    #expect(TestFiles.list(space.folder("Steps/FixtureSteps")) == ["There.swift"])
  }

  @Test func packagesThatAreWrittenOtherwiseAreLeftAlone() throws {
    let space = try swiftSpace()
    for text in [
      Self.package.replacing("workshop(\"Fixture\"", with: "workshop(name"),
      Self.package.replacing("let families: [Target] = [", with: "let all = ["),
    ] {
      try space.folder.write(text, to: "Package.swift")
      let ended = try space.call("new", "step", "two.a", "--swift")
      #expect(ended.code == 2 && ended.err.contains("Package.swift: expected"), "\(ended.err)")
      #expect(try TestFiles.text(space.folder("Package.swift")) == text)
      #expect(
        TestFiles.list(space.folder("Steps"))
          == ["LearningFormats/Formats.swift", "Query/CountRows.swift"])
    }
  }

  /// The step's file as the build completes it, against the modules of this build.
  @Test func aNewSwiftStepCompilesAndIsFormatted() throws {
    let space = try swiftSpace()
    let inputs = ["--input", "rows=one.given", "--input", "m=one.made"]
    for (name, words) in [("first", inputs), ("second", Array(inputs.prefix(2))), ("third", [])] {
      let ended = try space.start(["new", "step", "two.\(name)", "--swift"] + words).wait()
      try #require(ended.code == 0, "\(ended.err)")
      let type = name.prefix(1).uppercased() + name.dropFirst()
      let text = try TestFiles.text(space.folder("Steps/FixtureSteps/\(type).swift"))
      let generated = """
        extension \(type) {
          public static var code: CodeFingerprint { CodeFingerprint(family: "T", digest: "", compiler: "") }
        }
        """
      #expect(try Typechecker().errors(in: text + generated) == [], "\(text)")
    }
    let lint = try Space.start(
      "/usr/bin/env",
      ["swift", "format", "lint", "--strict", "--configuration", TestTools.root + "/.swift-format"]
        + ["--recursive", space.folder("Steps/FixtureSteps")],
      environment: ProcessInfo.processInfo.environment, folder: NSTemporaryDirectory())
    #expect(lint.code == 0, "\(lint.err)")
  }

  @Test func devRunsTheStepOfTheWorkshopThatIsNamed() throws {
    let space = try FixtureSpace([["name": "one.made", "csv": "of\nthe first\n"]])
    try space.folder.write("", to: "Sources/AtelierProgram/Main.swift")
    try space.folder.write("", to: "Workshops/Other/config.ini")
    let dev = try space.call("dev", "last", "-w", "other", "--runs", "1")
    #expect(dev.code == 0, "\(dev.err)")
    #expect(dev.err.contains("last.") && !dev.err.contains("no stage or step"), "\(dev.err)")
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
