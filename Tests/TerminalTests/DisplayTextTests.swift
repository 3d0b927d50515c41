// Text that a log may hold, on a terminal.
import Testing

@testable import Terminal

@Suite struct DisplayTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("a\tb", "a    b"), ("\u{1B}[1;31mred\u{1B}[0m", "red"),
    ("\u{1B}]0;title\u{7}x\u{1B}]8;;http://a\u{1B}\\link", "xlink"), ("10 %\r20 %\r", "20 %"),
    ("\u{1B}(Bx\u{1B}cy\u{1B}7z", "xyz"), ("\u{9B}2Jx", "x"), ("bell\u{7}\u{8}\u{0}", "bell"),
    ("\u{202E}evil\u{2066}", "evil"), ("\u{1B}[", ""), ("naïve 日本", "naïve 日本"),
    ("\u{1B}Ptmux;\u{1B}\u{1B}[2J\u{1B}\\end", "end"),
  ])
  func escapesAreRemoved(_ text: String, _ clean: String) {
    #expect(DisplayText.clean(text) == clean)
  }

  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한글", 4), ("ｆｕ", 4), ("👍", 2),
    ("\u{1112}\u{1161}\u{11AB}", 2), ("ﬁ", 1),
  ])
  func cellsOfAText(_ text: String, _ cells: Int) { #expect(DisplayText.cells(text) == cells) }

  @Test(arguments: [
    (0.0123, "0.012 s"), (1.236, "1.24 s"), (125, "2 min 05 s"), (1e300, "16666666 min 40 s"),
    (-1e300, "-1e+300 s"),
  ])
  func anyTimeIsShown(_ seconds: Double, _ text: String) { #expect(Text.seconds(seconds) == text) }

  @Test(arguments: [
    (1, "delivery", "1 delivery"), (2, "delivery", "2 deliveries"), (0, "day", "0 days"),
    (3, "step", "3 steps"),
  ])
  func nounsAreCounted(_ number: Int, _ noun: String, _ text: String) {
    #expect(Text.count(number, noun) == text)
  }

  @Test func cutsNeverExceedTheWidth() {
    for text in ["abcdefghij", "日本語日本語", "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}", "a👍b👍c👍d"] {
      for width in 0...12 {
        #expect(DisplayText.cells(DisplayText.cut(text, to: width)) <= width)
      }
    }
    #expect(DisplayText.cut("abcdefghij", to: 8) == "abcde...")
    #expect(DisplayText.cut("日本語日本語", to: 8) == "日本...")
    #expect(DisplayText.cut("abcdefghij", to: 4) == "abcd")
  }

  @Test func aCutLineKeepsItsStyles() {
    var line = StyledLine("red", .red)
    line.add(" and plain")
    #expect(line.cut(to: 9).text == "red an...")
    #expect(line.cut(to: 9).rendered(color: true) == "\u{1B}[31mred\u{1B}[0m an...")
    #expect(line.rendered(color: false) == "red and plain")
  }
}
