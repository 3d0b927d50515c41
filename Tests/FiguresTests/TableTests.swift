// How CSV files become the rows of a specification.
import AtelierTesting
import Testing

@testable import Figures

@Suite struct TableTests {
  private func table(_ text: String) throws -> Table { try Table(csv: Array(text.utf8)) }

  @Test func columnsOfNumbersAreToldFromTexts() throws {
    let read = try table("user,share,count\n12345678901234567890,0.5,3\n7,,-2\n")
    #expect(read.columns == ["user", "share", "count"])
    #expect(
      read.rows == [
        [.string("12345678901234567890"), .number(0.5), .integer(3)],
        [.string("7"), .null, .integer(-2)],
      ])
  }

  @Test func quotedFieldsKeepCommasQuotesAndLineEnds() throws {
    let read = try table("\u{FEFF}a,b\r\n\"x, \"\"y\"\"\",\"1\nz\"\r\n\"\",w")
    #expect(
      read.rows == [[.string("x, \"y\""), .string("1\nz")], [.string(""), .string("w")]])
    #expect(read.columns == ["a", "b"])
  }

  @Test func aFractionOfManyDigitsIsANumber() throws {
    #expect(
      try table("a\n-0.0067484378814697266\n1.25e-07\n").rows
        == [[.number(-0.0067484378814697266)], [.number(1.25e-07)]])
  }

  @Test(arguments: ["NaN", "inf", "0x10", "1e", "-", "1 "])
  func whatIsNoDecimalNumberIsText(_ field: String) throws {
    #expect(try table("a\n\(field)\n").rows == [[.string(field)]])
  }

  @Test(
    arguments: [
      ("", "empty"), ("a,a\n1,2\n", "names a column twice"), ("a,b\n1\n", "has 1 fields"),
      ("a\n\"x\n", "does not end"), ("a\n\"x\"y\n", "does not end"),
    ])
  func brokenFilesAreRefused(_ text: String, _ problem: String) throws {
    let failure = stepFailure { try table(text) }
    #expect(failure?.contains(problem) == true, "\(failure ?? "none")")
  }
}
