// SQL files as steps: what they make, and what a wrong one is told, with its file and line.
import AtelierStep
import AtelierTesting
import LearningFormats
import Testing

@testable import SQL

@Suite struct RunSQLTests {
  private let space: TemporarySpace
  private let rows: String

  init() throws {
    space = try TemporarySpace()
    rows = try space.write(
      "rows.csv", "day,kind,n\n2026-01-02,a,1\n2026-01-01,b,2\n2026-01-01,a,3\n")
  }

  private func run(
    _ text: String, parameters: [String: any ScriptParameter] = [:],
    outputs: [String: any ArtifactFormat.Type] = ["table": CSVTable.self],
    orderedBy: [String: [String]] = [:]
  ) throws -> StepHarness.Result {
    func describe<F: ArtifactFormat>(_ name: String, _ format: F.Type) -> ArtifactDescription {
      ArtifactDescription(name: name, format: format)
    }
    return try StepHarness.run(
      RunSQL(
        Script(name: "daily.sql", text: text),
        arguments: try ScriptArguments(
          inputs: ["rows": InputFiles(Artifact<CSVTable>.test)],
          parameters: parameters.mapValues(\.scriptValue), reserved: RunSQL.reserved),
        orderedBy: orderedBy,
        outputs: try Outputs(outputs.map { name, format in describe(name, format) })),
      inputs: ["rows": rows])
  }

  private func failure(
    _ text: String, outputs: [String: any ArtifactFormat.Type] = ["table": CSVTable.self],
    orderedBy: [String: [String]] = [:]
  ) -> String {
    do {
      _ = try run(text, outputs: outputs, orderedBy: orderedBy)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func theLastStatementIsTheOutput() throws {
    let made = try run(
      "CREATE TABLE days AS SELECT day, sum(n) AS n FROM rows GROUP BY day;\nFROM days -- all\n;",
      orderedBy: ["table": ["day"]])
    #expect(try made.text("table") == "day,n\n2026-01-01,5\n2026-01-02,1\n")
  }

  @Test func severalOutputsAreTablesOrViews() throws {
    let made = try run(
      """
      CREATE TABLE days AS SELECT day, count(*) AS n FROM rows GROUP BY day;
      CREATE VIEW kinds AS SELECT kind, max(n) AS top FROM rows GROUP BY kind;
      """,
      outputs: ["days": CSVTable.self, "kinds": JSONRows.self],
      orderedBy: ["days": ["n desc"], "kinds": ["kind"]])
    #expect(try made.text("days") == "day,n\n2026-01-01,2\n2026-01-02,1\n")
    #expect(
      try made.text("kinds")
        == "[\n\t{\"kind\":\"a\",\"top\":3},\n\t{\"kind\":\"b\",\"top\":2}\n]\n")
  }

  @Test func parametersAreDataNotText() throws {
    let value = "x'; DROP VIEW rows; --"
    let made = try run(
      "SELECT getvariable('text') AS t, getvariable('whole') / 2 AS a, getvariable('real') AS b, "
        + "getvariable('yes') AS c, len(getvariable('list')) AS d, count(*) AS n FROM rows",
      parameters: ["text": value, "whole": 3, "real": 2.0, "yes": true, "list": [1, 2, 3]])
    #expect(try made.text("table") == "t,a,b,c,d,n\n\(value),1.5,2.0,true,3,3\n")
  }

  @Test func rowsThatTheOrderLeavesEqual() {
    #expect(
      failure("FROM rows", orderedBy: ["table": ["day"]])
        == "daily.sql: 2 rows of the output 'table' have day = 2026-01-01: orderedBy must name "
        + "columns that tell rows apart")
    #expect(
      failure("FROM rows")
        == "daily.sql: the output 'table' has 3 rows and no order: name the columns that tell them "
        + "apart in orderedBy")
    #expect(
      failure("FROM rows", orderedBy: ["table": ["dya"]])
        == "daily.sql: the output 'table' has no column 'dya', which orderedBy names; it has day, "
        + "kind, n")
  }

  @Test(arguments: [
    "\u{FEFF}SELECT 0.5 AS a", "/* one /* two */ ; */ SELECT 0.5 AS a",
    "SELECT 0\n+\n.5 AS a", "SELECT r\n.a FROM (SELECT 0.5 AS a) AS r",
  ])
  func whatDuckDBReadsIsReadHere(_ text: String) throws {
    #expect(try run(text).text("table") == "a\n0.5\n")
  }

  @Test func aTextKeepsALineThatBeginsWithADot() throws {
    #expect(try run("SELECT length('a;\n.b') AS n").text("table") == "n\n5\n")
  }

  @Test func errorsHaveTheFileAndItsLine() {
    let binder = failure(
      "-- head\nCREATE TABLE a AS SELECT 1 AS x;\nSELECT day,\n  nothing\nFROM rows")
    #expect(binder.hasPrefix("daily.sql:4: Binder Error: "), "\(binder)")
    #expect(binder.contains("\"nothing\"") && !binder.contains("DuckDB failed"), "\(binder)")
    let parser = failure("SELECT 1;\nSELEC day FROM rows;")
    #expect(parser.hasPrefix("daily.sql:2: Parser Error: "), "\(parser)")
    // The last statement is one of ours to DuckDB, and some complaints name no line.
    for (text, line) in [
      ("SELECT 1;\nSELECT day + 'x'::INT AS a FROM rows", 2), ("SELECT nix", 1),
      ("SELECT 1;\n\nDROP TABLE nix;\nSELECT 1", 3), ("SELECT 1;\nSELECT error('x')", 2),
      ("SELECT 1 AS a;\nSELECT 1 AS a,\n  nix AS b", 3), ("SELECT 1 /*\n/* */ */, nix", 2),
      ("SELECT nix,\n  nix", 1), ("SELECT 1,\n  \(String(repeating: "x", count: 300))", 2),
    ] {
      let said = failure(text)
      #expect(said.hasPrefix("daily.sql:\(line): "), "\(text): \(said)")
      #expect(!said.contains("LINE") || said.contains("LINE \(line):"), "\(said)")
    }
    let lines = binder.split(separator: "\n")
    #expect(lines[1] == "LINE 4:   nothing" && lines[2] == "          ^", "\(binder)")
    #expect(failure("SELECT 1;\n.shell ls").hasPrefix("daily.sql:2: expected a statement of SQL"))
    let missing = failure("CREATE TABLE b AS FROM rows", orderedBy: ["table": ["day"]])
    #expect(
      missing
        == "daily.sql: expected a table or view 'table' for the output of that name, or a query "
        + "as the last statement")
  }
}

/// Rows as a JSON document.
private enum JSONRows: JSONFormat {}
