// Tables on a terminal: what is cut, what is left out, and where numbers stand.
import Testing

@testable import Terminal

@Suite struct TableLayoutTests {
  private let table = Table(
    columns: ["name", "share", "note"],
    rows: [
      ["alpha", "0.5", "a rather long remark"], ["beta", "12.25", "short"], ["gamma", "3", ""],
    ])

  private func lines(_ width: Int) -> [String] {
    table.text(limit: 10, width: width).split(separator: "\n").map(String.init)
  }

  @Test func numbersStandAtTheirPoint() {
    #expect(
      lines(80) == [
        "name   share  note", "-----  -----  --------------------",
        "alpha   0.5   a rather long remark", "beta   12.25  short", "gamma   3",
      ])
  }

  @Test func theLongestTextIsCutFirst() {
    #expect(
      lines(24) == [
        "name   share  note", "-----  -----  ----------", "alpha   0.5   a rather …",
        "beta   12.25  short", "gamma   3",
      ])
  }

  @Test func columnsAreLeftOutBeforeNumbersAreCut() {
    #expect(
      lines(20) == [
        "name   share", "-----  -----", "alpha   0.5", "beta   12.25", "gamma   3",
        "... 1 more column: …",
      ])
  }

  @Test(arguments: 1...60)
  func noLineIsWiderThanTheTerminal(_ width: Int) {
    let wide = Table(
      columns: ["名前", "text", "cafe\u{301}"],
      rows: [["東京都千代田区", "x\ty\nz", "e\u{301}e\u{301}e\u{301}"], ["한국", "👩‍👩‍👧 family", ""]])
    for line in wide.text(limit: 10, width: width).split(separator: "\n") {
      #expect(TextWidth.of(String(line)) <= width, "\(line)")
    }
  }

  @Test func numbersStayWhole() {
    let table = Table(
      columns: ["a very long title of numbers", "text"],
      rows: [["12345678901", "something that is long"], ["-5", "x"]])
    for width in 12...60 {
      let text = table.text(limit: 10, width: width)
      #expect(text.contains("12345678901"), "\(width): \(text)")
    }
  }

  @Test func oneRowThatIsTooWideStandsUpright() {
    let metrics = Table(columns: ["rows", "auc", "accuracy"], rows: [["64", "0.912", "0.93"]])
    let narrow = metrics.upright(over: 12)
    #expect(narrow.rows == [["rows", "64"], ["auc", "0.912"], ["accuracy", "0.93"]])
    #expect(narrow.columns == ["column", "value"])
    #expect(metrics.upright(over: 80).columns == metrics.columns)
    #expect(metrics.upright(over: nil).rows == metrics.rows)
    #expect(table.upright(over: 5).columns == table.columns)
  }

  @Test func aPipeGetsEveryColumn() {
    let text = table.text(limit: 10)
    #expect(text.contains("a rather long remark") && text.contains("  0.5  "))
  }
}

@Suite struct TextWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("日本語", 6), ("e\u{301}", 1), ("ｱ", 1), ("Ａ", 2), ("👍🏽", 2), ("❤️", 2),
    ("❤", 1), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("한국", 4), ("a\u{200B}b", 2), ("naïve", 5), ("שלום", 4),
  ])
  func cellsOfATerminal(_ text: String, _ cells: Int) { #expect(TextWidth.of(text) == cells) }

  @Test func aCutNeverSplitsACharacter() {
    #expect(TextWidth.cut("日本語", to: 6) == "日本語")
    #expect(TextWidth.cut("日本語", to: 5) == "日本…")
    #expect(TextWidth.cut("日本語", to: 4) == "日…")
    #expect(TextWidth.cut("e\u{301}e\u{301}e\u{301}", to: 2) == "e\u{301}…")
    #expect(TextWidth.cut("abc", to: 1) == "…")
    #expect(TextWidth.oneLine("a\tb\r\nc\u{1B}[1m") == "a b c[1m")
  }
}
