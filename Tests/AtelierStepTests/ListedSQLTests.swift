// Steps take their SQL from what they list, which is in their keys (W8).
import AtelierStep
import AtelierTesting
import Foundation
import Testing

@Suite struct ListedSQLTests {
  @Test func w8AStepGetsNoTextThatItDoesNotList() throws {
    let context = StepContext(
      directory: "/nowhere", inputs: [:], outputs: [:], programs: [:],
      sql: ["a.sql": "SELECT 1", "b.sql": "SELECT 2"])
    #expect(try context.sql("a.sql") == "SELECT 1")
    let failure = #expect(throws: StepFailure.self) { try context.sql("c.sql") }
    #expect(
      failure?.description
        == "the step uses 'c.sql' without listing it in `sql`; it lists a.sql, b.sql")
  }

  /// No `run` of a family of this package goes round it.
  @Test func w8NoStepOfThisPackageTakesAnotherText() throws {
    var bodies = 0
    for file in TestFiles.list("\(TestTools.root)/Steps") where file.hasSuffix(".swift") {
      let text = try TestFiles.text("\(TestTools.root)/Steps/\(file)")
      for part in text.components(separatedBy: "func run(in context: StepContext)").dropFirst() {
        let body = part.components(separatedBy: "\n  }\n").first ?? part
        bodies += 1
        // The context gives a text only where the step lists it.
        let other = body.replacingOccurrences(of: "context.sql(SQLFile.", with: "")
        for word in ["PackageResources", "SQLFile", "sql["] {
          #expect(!other.contains(word), "\(file) uses \(word) in run")
        }
      }
    }
    #expect(bodies > 30)
  }
}
