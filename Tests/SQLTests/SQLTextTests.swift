// SQL files taken apart, and what in them is refused before anything runs.
import AtelierStep
import Testing

@testable import SQL

@Suite struct SQLTextTests {
  private func statements(_ text: String) throws -> [SQLText.Statement] {
    try SQLText(Script(name: "a.sql", text: text)).statements
  }

  private func refusal(_ text: String) -> String? {
    do {
      _ = try statements(text)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func statementsEndAtSemicolonsOutsideOfQuotesAndComments() throws {
    let found = try statements(
      """
      -- one; two
      SELECT ';' AS a, "b;c", $$ ; $$, $x$ $$;$x$ /* ; */ FROM t;
      ;
      SET VARIABLE v = E'\\';';

      with a as (select 1) from a
      """)
    #expect(found.map(\.line) == [2, 4, 6])
    #expect(found.map(\.start) == ["SELECT", "SET", "WITH"])
    #expect(found.map(\.isQuery) == [true, false, true])
    #expect(found[2].text == "with a as (select 1) from a")
  }

  @Test(arguments: [
    ("SELECT 'a", "a.sql:1: a text that begins here has no end"),
    ("SELECT 1;\n\n/* b", "a.sql:3: the comment that begins here has no end"),
    ("/* a /* b */", "a.sql:1: the comment that begins here has no end"),
    ("SELECT \"a", "a.sql:1: a quoted name that begins here has no end"),
    ("-- nothing\n;", "a.sql has no statement"),
  ])
  func brokenTexts(_ text: String, _ error: String) { #expect(refusal(text) == error) }

  @Test(arguments: [
    ("SELECT 1,\n now() AS t", "a.sql:2: now()"), ("SELECT current_date", "a.sql:1: current_date"),
    ("SELECT random() FROM t", "a.sql:1: random()"), ("SELECT uuid()", "a.sql:1: uuid()"),
    ("FROM t USING SAMPLE 10%", "a.sql:1: a sample"),
    ("FROM t TABLESAMPLE 10%", "a.sql:1: a sample"),
    ("FROM t TABLESAMPLE (10 PERCENT)", "a.sql:1: a sample"),
    ("SELECT main.now()", "a.sql:1: now()"), ("SELECT \"random\"()", "a.sql:1: random()"),
    ("SELECT random() AS a, 1 AS setseed", "a.sql:1: random()"),
    ("SELECT setseed(random()), random()", "a.sql:1: random()"),
    ("SELECT random(), setseed(0.5)", "a.sql:1: random()"),
    ("SELECT age(TIMESTAMP '2020-01-01')", "a.sql:1: age()"),
    ("SELECT\n age(coalesce(a, b))", "a.sql:2: age()"),
    ("FROM query('SELECT rando' || 'm()')", "a.sql:1: query()"),
  ])
  func whatDiffersFromRunToRun(_ text: String, _ start: String) {
    // The bare words have no brackets in the sentence.
    let expected = start.hasSuffix("()") ? String(start.dropLast(2)) : start
    #expect(refusal(text)?.hasPrefix(expected) == true, "\(refusal(text) ?? "none")")
  }

  @Test func variablesAreParametersOrSet() throws {
    let text = try SQLText(
      Script(
        name: "a.sql",
        text: "SET VARIABLE own = 1;\nSELECT getvariable('least'), getvariable('own');\n"
          + "SELECT getvariable('Leist')"))
    let error = #expect(throws: StepFailure.self) { try text.checkVariables(parameters: ["least"]) }
    #expect(
      error?.description == "a.sql:3: the step has no parameter 'leist'; it has: least")
    try text.checkVariables(parameters: ["LEAST", "leist"])
  }

  @Test(arguments: [
    "SELECT now FROM t", "SELECT t.current_date FROM t", "SELECT \"current_date\" FROM t",
    "SELECT setseed(0.5); SELECT random()", "FROM t TABLESAMPLE 10% REPEATABLE (3)",
    "SELECT age(a, b) FROM t", "SELECT age((a), [b, c][1]) FROM t", "SELECT query FROM t",
    "SELECT sample FROM t", "SELECT 'now()' -- now()", "SELECT random AS uuid FROM t",
  ])
  func whatOnlyLooksLikeIt(_ text: String) { #expect(refusal(text) == nil) }
}
