// The rows of what is published, counted for people: CSV, lines of JSON, the footer of Parquet.
import AtelierTesting
import Content
import Foundation
import Testing

@testable import Effects

@Suite struct RowCountTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func rows(_ text: String, _ name: String, mediaType: String = "") throws -> Int64? {
    try folder.write(text, to: name)
    return RowCount.rows(
      of: folder(name), name: name, mediaType: mediaType, size: Int64(text.utf8.count))
  }

  @Test func textsAreCountedByTheirRecords() throws {
    #expect(try rows("a,b\n1,2\n3,4\n", "t.csv") == 2)
    // A line break within quotes is no row, and neither is an empty line.
    #expect(try rows("a\n\"x\ny\"\n\nz", "t.csv") == 2)
    #expect(try rows("", "t.csv") == 0)
    #expect(try rows("a\n", "part-00000", mediaType: "text/csv") == 0)
    #expect(try rows("{}\n{}", "t.jsonl") == 2)
    // A document, an unknown form, a compressed or a damaged text has no rows that could be told.
    #expect(try rows("[1,2]", "t.json") == nil)
    #expect(try rows("{}", "request.json", mediaType: "application/json") == nil)
    #expect(try rows("a\n1\n", "model.ubj") == nil)
    #expect(try rows("a\n1\n", "t.csv.gz") == nil)
    #expect(try rows("a\n\"x\n", "t.csv") == nil)
    #expect(RowCount.rows(of: folder("none.csv"), name: "none.csv", mediaType: "", size: 3) == nil)
  }

  @Test(.enabled(if: TestTools.path(of: "duckdb") != nil, "no duckdb"))
  func aFooterSaysHowManyRowsThereAre() throws {
    let duckdb = try #require(TestTools.path(of: "duckdb"))
    for count in [0, 1, 131_072, 1_000_001] {
      let path = folder("\(count).parquet")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: duckdb)
      process.arguments = [
        "-c",
        "COPY (SELECT i, i::VARCHAR AS t, [i] AS l, {'a': i} AS s FROM range(\(count)) r(i)) "
          + "TO '\(path)' (FORMAT parquet)",
      ]
      try process.run()
      process.waitUntilExit()
      #expect(ParquetFooter.rows(of: path) == Int64(count))
    }
  }

  /// Whatever the bytes are, there is an answer or none.
  @Test func damagedFootersAreNoRows() throws {
    var generator = SeededGenerator(state: 7)
    for _ in 0..<2000 {
      let length = Int.random(in: 0...64, using: &generator)
      let body = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let size = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      let path = folder("f.parquet")
      try TestFiles.write(Array("PAR1".utf8) + body + size + Array("PAR1".utf8), to: path)
      _ = ParquetFooter.rows(of: path)
    }
    try folder.write("PAR1\u{7F}\u{7F}\u{7F}\u{7F}PAR1", to: "long.parquet")
    #expect(ParquetFooter.rows(of: folder("long.parquet")) == nil)
  }
}
