// Lines by whichever ends a text has.
import Content
import Testing

@Suite struct TextLinesTests {
  @Test(
    "Store 11: line ends of every system",
    arguments: [
      ("", [""]), ("a", ["a"]), ("a\n", ["a", ""]), ("a\r\nb", ["a", "b"]), ("a\rb", ["a", "b"]),
      ("\r\n\r\n", ["", "", ""]), ("\n\r", ["", "", ""]),
      ("e\u{301}\r\n\u{301}x", ["e\u{301}", "\u{301}x"]),
      ("a\u{2028}b\u{0B}c", ["a\u{2028}b\u{0B}c"]),
    ])
  func ends(_ text: String, _ lines: [String]) {
    // Bytes, since a combining mark may join what stands before it.
    #expect(TextLines.of(text).map { Array($0.utf8) } == lines.map { Array($0.utf8) })
  }
}
