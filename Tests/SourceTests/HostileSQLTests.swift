// SQL and values that try to become commands of the DuckDB program.
import AtelierStep
import AtelierTesting
import DuckDB
import Foundation
import PropensityFormats
import Testing

@Suite struct HostileSQLTests {
  private let space: TemporarySpace
  private let session: DuckDB
  /// What a command that got through would have made.
  private var trace: String { space.path + "/trace" }

  init() throws {
    space = try TemporarySpace()
    try FileManager.default.createDirectory(
      atPath: space.path + "/scratch", withIntermediateDirectories: true)
    session = try DuckDB(
      in: StepContext(
        directory: space.path, inputs: [:], outputs: [:],
        programs: ["duckdb": #require(TestTools.path(of: "duckdb"))]))
  }

  @Test(arguments: [
    "%", "\n%", "SELECT 1;\n%", "SELECT 1\n;\n%\n", "\r\n%", "SELECT 1;\r\n%", "--\n%",
    "/*\n%\n*/ SELECT 1;",
    " %", "\t%", "SELECT 1; %", "\u{FEFF}%", "\u{0B}%", "\u{A0}%", "\u{2028}%", "\u{0}%",
    // Lines are read a hundred bytes at a time, and a NUL hides what came before it.
    "\u{0}" + String(repeating: "x", count: 98) + "%",
    "\u{0}" + String(repeating: "x", count: 97) + "%",
    "SELECT '\n%\n';",
  ])
  func aDotCommandInSQL(_ text: String) throws {
    for command in [
      ".shell touch trace", ".system touch trace", ".sh touch trace", ".output trace",
      ".once trace",
      ".log trace", ".open trace", ".read /etc/passwd", ".cd /", ".import /etc/passwd t",
    ] {
      let sql = text.replacingOccurrences(of: "%", with: command)
      // It is refused, or it was no command.
      do {
        let printed = try session.run(sql)
        #expect(!printed.contains("root:"), "\(printed)")
      } catch {
        #expect("\(error)".contains("SQL") || "\(error)".contains("DuckDB failed"), "\(error)")
      }
      #expect(!FileManager.default.fileExists(atPath: trace), "\(sql.debugDescription)")
    }
  }

  @Test(arguments: [
    "'", "';\n.shell touch trace\n--", "a\n.shell touch trace\n", "\\", "\\'", "$$",
    "\";\n.shell touch trace\n",
    "x'); COPY (SELECT 1) TO 'trace'; --", "é'\u{2028}.shell touch trace", "{\n.shell touch trace",
  ])
  func aValueIsOnlyAValue(_ value: String) throws {
    let printed = try session.run(
      "SELECT encode(getvariable('given'))::BLOB AS given, len(getvariable('listed')) AS listed;",
      with: ["given": .text(value), "listed": .list([.text(value), .text("b")])])
    #expect(!FileManager.default.fileExists(atPath: trace))
    #expect(printed.split(separator: "\n").last?.hasSuffix(",2") == true, "\(printed)")
  }

  @Test func aNulIsRefusedInWords() {
    for (sql, value) in [("SELECT 1;\u{0}", "x"), ("SELECT 1;", "a\u{0}b")] {
      let error = #expect(throws: StepFailure.self) {
        try session.run(sql, with: ["given": .text(value)])
      }
      #expect(error?.description.contains("NUL") == true)
    }
  }

  @Test(arguments: [
    "x; .shell touch trace", "a\n.shell touch trace", "a\"b", "a'b", "", "a b", "a\u{0}",
  ])
  func aTenantIsAName(_ tenant: String) {
    #expect(throws: (any Error).self) { try TenantColumn(tenant) }
  }
}
