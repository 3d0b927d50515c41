// CSV as RFC 4180 has it, and its aligned text.
import Testing

@testable import Terminal

@Suite struct TableTests {
  private func rows(_ csv: String) -> [[String]] {
    let table = Table(csv: Array(csv.utf8))
    return [table.columns] + table.rows
  }

  @Test func fieldsInQuotes() {
    #expect(
      rows("a,b\n\"x,\"\"y\"\"\",\"two\nlines\"\n,\n")
        == [["a", "b"], ["x,\"y\"", "two\nlines"], ["", ""]])
  }

  @Test func lineEndsOfBothKindsAndNoneAtTheEnd() {
    #expect(rows("a,b\r\n1,2\r\n3,4") == [["a", "b"], ["1", "2"], ["3", "4"]])
    #expect(rows("a\n1") == [["a"], ["1"]])
    #expect(rows("") == [[]])
  }

  @Test func aLastFieldThatIsEmptyStays() {
    #expect(rows("a,b\n1,") == [["a", "b"], ["1", ""]])
  }

  @Test func numbersAreAlignedToTheRight() {
    let table = Table(columns: ["name", "n"], rows: [["x", "5"], ["yy", "1000"], ["z", ""]])
    #expect(
      table.text(limit: 2)
        == "name     n\n----  ----\nx        5\nyy    1000\n... 1 more rows (--limit, --format csv)\n"
    )
  }
}
