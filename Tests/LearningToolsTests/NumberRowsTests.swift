// The reader of DuckDB's CSV: nulls, quoted users, batches and faults.
import AtelierTesting
import Testing

@testable import LearningTools

@Suite struct NumberRowsTests {
  private let space: TemporarySpace

  init() throws { space = try TemporarySpace() }

  private func texts(_ batch: NumberRows.Batch) -> [String] {
    batch.texts.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func numbersAndNulls() throws {
    let path = try space.write("a.csv", "1,,-3\n,20,16777217\n")
    let batch = try NumberRows(path, columns: 3).next(10)
    #expect(batch.rows == 2)
    #expect(batch.numbers.map { $0.isNaN ? -1 : $0 } == [1, -1, -3, -1, 20, 16_777_216])
    #expect(batch.texts.isEmpty)
  }

  @Test func lastFieldIsKeptAsItIs() throws {
    let path = try space.write("a.csv", "1,plain\n2,\"a,\"\"b\"\"\nc\"\n,\n")
    let batch = try NumberRows(path, columns: 1, hasText: true).next(10)
    #expect(texts(batch) == ["plain", "\"a,\"\"b\"\"\nc\"", ""])
    #expect(batch.numbers.prefix(2) == [1, 2])
  }

  @Test func batchesTogetherAreTheFile() throws {
    // More than a block of the reader, so that rows straddle its borders.
    let count = 120_000
    let path = try space.write(
      "a.csv", (0..<count).map { "\($0),\"u\n\($0)\"\n" }.joined())
    let rows = try NumberRows(path, columns: 1, hasText: true)
    var numbers: [Float] = []
    var users: [String] = []
    while case let batch = try rows.next(7001), batch.rows > 0 {
      #expect(batch.rows == 7001 || numbers.count + batch.rows == count)
      numbers += batch.numbers
      users += texts(batch)
    }
    #expect(numbers == (0..<count).map { Float($0) })
    #expect(users == (0..<count).map { "\"u\n\($0)\"" })
  }

  @Test func decimalsAreRoundedOnce() throws {
    // The double nearest to the last one lies in the middle of two floats.
    let texts = [
      "0.1", "-2.5e-3", "1e+20", "1234567890123456789", "16777217.0",
      "1.00000017881393432617187500001",
    ]
    let path = try space.write("a.csv", texts.map { "\($0),7\n" }.joined())
    let batch = try NumberRows(path, columns: 2).next(10)
    #expect(
      batch.numbers.indices.filter { $0 % 2 == 0 }.map { batch.numbers[$0] }
        == texts.map { Float($0) ?? .nan })
  }

  @Test(arguments: [
    "x,2\n", "1\n", "1,2,3\n", "-,2\n", "nan,2\n", "-inf,2\n", "1e39,2\n", "1.5.2,2\n", "1 ,2\n",
  ])
  func otherTextIsRefused(text: String) throws {
    let path = try space.write("a.csv", text)
    let said = stepFailure { try NumberRows(path, columns: 2).next(1) }
    #expect(said?.hasSuffix("of a row is not a number that a 32-bit float can hold") == true)
  }

  @Test func aCutFileIsRefused() throws {
    let path = try space.write("a.csv", "1,2\n3,")
    let rows = try NumberRows(path, columns: 2)
    #expect(stepFailure { try rows.next(5) } == "\(path) ends within a row")
    #expect(
      stepFailure { try NumberRows("/nowhere.csv", columns: 1) } == "cannot read /nowhere.csv")
  }
}
