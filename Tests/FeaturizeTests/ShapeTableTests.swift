// One table made of another, and parts of a table as CSV files.
import AtelierStep
import AtelierTesting
import DuckDB
import Featurize
import Foundation
import LearningFormats
import Testing
import Transfer

@Suite struct ShapeTableTests {
  private let space: TemporarySpace
  private let table: String

  init() throws {
    space = try TemporarySpace()
    table = space.path + "/parts/all.parquet"
    _ = try space.write("scratch/none", "")
    _ = try space.write("parts/none", "")
    let context = StepContext(
      directory: space.path, inputs: [:], outputs: [:],
      programs: ["duckdb": TestTools.path(of: "duckdb") ?? ""])
    try DuckDB(in: context).run(
      """
      COPY (FROM (VALUES (3, 'b', 1.5), (1, 'a"x', NULL), (2, 'b', -2)) t(row, code, price))
      TO (getvariable('table')) (FORMAT parquet);
      """, with: ["table": .text(table)])
  }

  private func shape(_ query: String, key: String = "row") throws -> StepHarness.Result {
    try StepHarness.run(
      ShapeTable(table: .test, query: query, key: key), inputs: ["table": table])
  }

  private func texts(_ folder: String, _ file: PartText) throws -> String {
    let written = try StepHarness.run(
      WriteParts(parts: .test, files: [file]), inputs: ["parts": folder])
    return try String(
      contentsOfFile: "\(written.outputs["texts"] ?? "")/\(file.file)", encoding: .utf8)
  }

  private func failure(_ work: () throws -> StepHarness.Result) -> String? {
    do {
      _ = try work()
      return nil
    } catch { return "\(error)" }
  }

  @Test func theResultIsOrderedByItsKey() throws {
    let shaped = try shape("SELECT row, dense_rank() OVER (ORDER BY code) - 1 AS code FROM input")
    let path = try #require(shaped.outputs["shaped"])
    let folder = space.path + "/shaped"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: path, toPath: folder + "/p.parquet")
    let file = PartText(file: "p.csv", part: "p", columns: ["row", "code"], header: true)
    #expect(try texts(folder, file) == "row,code\n1,0\n2,1\n3,1\n")
  }

  @Test func aKeyMustBeThereAndUnique() {
    let start = "the result needs rows, each with a key of its own: "
    #expect(
      failure { try shape("SELECT code FROM input", key: "code") }
        == start + "3 rows have 3 values in column 'code', 2 of them different")
    #expect(
      failure { try shape("FROM input WHERE false") }
        == start + "0 rows have 0 values in column 'row', 0 of them different")
    #expect(failure { try shape("SELECT 1 AS other FROM input") }?.contains("row") == true)
    #expect(failure { try shape("SELEC 1") }?.hasPrefix("DuckDB failed") == true)
  }

  @Test func partsAreWrittenInTheOrderOfTheirRows() throws {
    let folder = space.path + "/parts"
    #expect(
      try texts(
        folder, PartText(file: "a.csv", part: "all", columns: ["price", "code"], header: false))
        == "1.5,b\n,\"a\"\"x\"\n-2.0,b\n")
    let twice = PartText(file: "a.csv", part: "all", columns: ["row"], header: false)
    let outside = PartText(file: "../a.csv", part: "all", columns: ["row"], header: false)
    for files in [[twice, twice], [outside]] {
      #expect(
        failure {
          try StepHarness.run(WriteParts(parts: .test, files: files), inputs: ["parts": folder])
        }?.hasPrefix("each CSV file of the parts needs") == true)
    }
  }
}
