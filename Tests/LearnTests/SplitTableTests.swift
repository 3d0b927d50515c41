// Parts of a table: sizes, order, and that nothing is lost or doubled.
import AtelierStep
import AtelierTesting
import Content
import Foundation
import LearningFormats
import LearningTools
import Testing

@testable import Learn

@Suite struct SplitTableTests {
  @Test func partsEndWherePythonCutsAList() throws {
    // int(0.7 * n) and int(0.9 * n), also where the product is not what it seems.
    let parts = [
      TablePart("train", end: 0.7), TablePart("validation", end: 0.9), TablePart("test", end: 1),
    ]
    #expect(try SplitTable.ends(of: parts, rows: 10) == [7, 9, 10])
    #expect(try SplitTable.ends(of: parts, rows: 541_909) == [379_336, 487_718, 541_909])
    #expect(
      try SplitTable.ends(of: TablePart.folds(5), rows: 4177) == [835, 1670, 2506, 3341, 4177])
    #expect(try SplitTable.ends(of: parts, rows: 4) == [2, 3, 4])
    #expect(
      stepFailure { try SplitTable.ends(of: parts, rows: 2) }
        == "the part 'validation' would have no row: it goes from 1 to 1 of 2 rows")
    #expect(
      stepFailure { try SplitTable.ends(of: [TablePart("a", end: 1.5)], rows: 9) }
        == "the part 'a' ends at 1.5: give a share up to 1")
  }

  @Test func everyRowIsInOnePartInSeededOrder() throws {
    let table = try LearningTable(rows: 500)
    let split = try table.split(TablePart.folds(5))
    let tree = split.outputs["split"] ?? ""
    var rows: [Int] = []
    for fold in 0..<5 {
      let path = "\(tree)/fold\(fold).parquet"
      let csv = split.space.path + "/fold.csv"
      try NumberTable(path, in: context(split)).write(numbers: ["row"], to: csv)
      let batch = try NumberRows(csv, columns: 1).next(1000)
      #expect(batch.rows == 100)
      rows += batch.numbers.map { Int($0) }
    }
    #expect(rows.sorted() == Array(1...500))
    #expect(try rows == ordered(1...500, seed: 1729))
    let json = try String(contentsOfFile: "\(tree)/parts.json", encoding: .utf8)
    #expect(try JSONValue(parsing: json)["fold4"]?.integer == 100)
  }

  @Test func keysMustBeUniqueAndNamesPlain() throws {
    let twice = try LearningTable(rows: 20, change: "UPDATE rows SET row = 1 WHERE row = 2;")
    #expect(
      stepFailure { try twice.split() }
        == "the key 'row' must be unique and not null; rows, keys, different keys: 20,20,19")
    let table = try LearningTable(rows: 20)
    #expect(
      stepFailure { try table.split([TablePart("../x", end: 1)]) }
        == "'../x' is no name of a part; use letters, digits, '-' and '_'")
    #expect(
      stepFailure { try table.split([TablePart("a", end: 0.5), TablePart("A", end: 1)]) }?
        .hasPrefix("parts need names of their own") == true)
  }

  @Test func matricesHaveLabelsAndMissingValues() throws {
    let data = try LearningTable(rows: 50).matrices()
    let tree = data.outputs["data"] ?? ""
    let meta = try TrainingMeta(in: tree)
    #expect(meta.features == ["a", "b", "c"] && meta.label == "price")
    #expect(meta.parts.mapValues(\.rows) == ["train": 35, "validation": 10, "test": 5])
    let rows = try meta.rows(of: ["train", "validation", "test"], in: tree)
    #expect(rows.labels.count == 50 && rows.features.count == 150)
    #expect(rows.labels.contains { $0 != $0.rounded() })
    #expect(rows.features.contains { $0.isNaN })
    #expect(
      stepFailure { try meta.rows(of: ["none"], in: tree) }
        == "the training data have no part 'none', but test, train, validation")
  }

  @Test func labelsAndColumnsThatAreNoneAreRefused() throws {
    let table = try LearningTable(rows: 50, change: "UPDATE rows SET price = NULL;")
    #expect(
      stepFailure { try table.matrices() }
        == "row 1 of the part 'test' has no price, which is the label")
    #expect(
      stepFailure { try table.matrices(label: "name") }
        == "the column 'name' is a VARCHAR, a number is needed")
    #expect(
      stepFailure { try table.matrices(label: "colour") }
        == "the table lacks the column colour; it has a, b, c, kind, name, price, row, yes")
    #expect(
      stepFailure { try table.matrices(label: "a") }?.hasPrefix("features need names") == true)
  }

  private func context(_ result: StepHarness.Result) -> StepContext {
    StepContext(
      directory: result.space.path, inputs: [:], outputs: [:],
      programs: ["duckdb": TestTools.path(of: "duckdb") ?? ""])
  }
}

/// The numbers in the order of the MD5 of seed and number, as Python has it.
private func ordered(_ numbers: ClosedRange<Int>, seed: Int) throws -> [Int] {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [
    "python3", "-c",
    """
    import hashlib
    key = lambda n: (hashlib.md5(f"\(seed){n}".encode()).hexdigest(), n)
    print(*sorted(range(\(numbers.lowerBound), \(numbers.upperBound + 1)), key=key))
    """,
  ]
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    .compactMap { Int($0) }
}
