// Drives the tables of hostile files, and compares them with the page that lists them.
import AtelierStep
import AtelierTesting
import Foundation
import LearningFormats
import Subprocess
import Testing

@testable import Source

@Suite struct HostileFileTests {
  /// What `Tests/Hostile/make.py` writes, once for all tests.
  private static let made = Result {
    let space = try TemporarySpace()
    let wheels = ["openpyxl", "et-xmlfile"].map { TestTools.path(of: $0) ?? "" }
    let captured = try capture(
      Command(
        executable: "/usr/bin/python3",
        arguments: ["-I", "-S", "-B", TestTools.root + "/Tests/Hostile/make.py", space.path]
          + wheels),
      timeout: 300)
    guard captured.exit.succeeded else { throw BrokenProperty(captured.errorText) }
    return space
  }

  @Test(arguments: HostileFile.tables) func tables(file: HostileFile) throws {
    do {
      let table = try Self.table(file)
      let shown = try StepHarness.run(
        ExportEvents(
          file: .test, query: "SELECT * FROM events",
          options: "FORMAT csv, HEADER false, NULLSTR 'NULL'"),
        inputs: ["file": table.outputs["table"] ?? ""])
      guard case .rows(let rows) = file.expected else {
        Issue.record("\(file.id) is taken: \(try shown.text("exported"))")
        return
      }
      #expect(try shown.text("exported") == rows)
    } catch let failure as StepFailure {
      guard case .says(let words) = file.expected else { throw failure }
      #expect(failure.description.contains(words), "\(failure)")
      Self.checkWords(failure)
    }
  }

  @Test(arguments: HostileEvents.all) func events(file: HostileEvents) throws {
    do {
      let imported = try importEvents(text: file.text, file.format)
      func shown(_ column: String) throws -> [String] {
        let result = try StepHarness.run(
          ExportEvents(
            file: .test, query: "SELECT to_json(\(column)::VARCHAR) AS v FROM events",
            options: "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\\x01'"),
          inputs: ["file": imported.outputs["events"] ?? ""])
        return try result.text("exported").split(separator: "\n").map {
          try JSONDecoder().decode(String.self, from: Data($0.utf8))
        }
      }
      switch file.expected {
      case .users(let users): #expect(try shown("_acme.cmle_id") == users)
      case .times(let times): #expect(try shown("\"timestamp\"") == times)
      case .says: Issue.record("\(file.id) is taken")
      }
    } catch let failure as StepFailure {
      guard case .says(let words) = file.expected else { throw failure }
      #expect(failure.description.contains(words), "\(failure)")
      Self.checkWords(failure)
    }
  }

  /// The page and the tables name the same files, with the same faults.
  @Test func thePageListsEveryFile() throws {
    let page = try String(
      contentsOfFile: TestTools.root + "/Tests/Hostile/README.md", encoding: .utf8)
    let listed = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      return "\(cells[0].filter { $0 != "`" }) \(cells.last ?? "")"
    }
    let driven =
      HostileFile.tables.map { "\($0.id) \($0.fault)" }
      + HostileEvents.all.map { "\($0.id) \($0.fault)" }
    #expect(Set(listed) == Set(driven))
    #expect(Set(driven).count == driven.count && driven.count >= 40)
  }

  private static func table(_ file: HostileFile) throws -> StepHarness.Result {
    let schema = TableSchema(
      columns: file.columns.map { TableColumn($0, HostileFile.types[$0] ?? "VARCHAR") },
      timestampFormat: "%m/%d/%Y %H:%M", required: ["required"])
    func imported(_ path: String, _ format: TableFileFormat) throws -> StepHarness.Result {
      try StepHarness.run(
        ImportTable(file: .test, format: format, schema: schema), inputs: ["file": path])
    }
    switch file.form {
    case .csv(let bytes):
      let space = try TemporarySpace()
      let path = space.path + "/file"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return try imported(path, .csv)
    case .parquet(let query):
      let space = try TemporarySpace()
      let none = try space.write("none.json", "{\"a\":1}\n")
      let made = try StepHarness.run(
        MakeParquet(file: .test, query: query), inputs: ["file": none])
      return try imported(made.outputs["made"] ?? "", .parquet)
    case .made(let name, let sheet):
      let path = try made.get().path + "/" + name
      guard name.hasSuffix(".xlsx") else { return try imported(path, .gzippedCSV) }
      let rows = try StepHarness.run(
        ReadWorkbook(file: .test, sheet: sheet, dateFormat: "%m/%d/%Y %H:%M", name: "the file"),
        inputs: ["file": path])
      return try imported(rows.outputs["rows"] ?? "", .workbook)
    }
  }

  /// No sentence holds a path of ours or an option of the engine.
  private static func checkWords(_ failure: StepFailure) {
    let words = failure.description
    for ours in ["/tmp/", "scratch", "auto_detect", "all_varchar", "DuckDB", "Possible", "\n"] {
      #expect(!words.contains(ours), "\(words)")
    }
    #expect(words.hasPrefix("the file"), "\(words)")
  }
}
