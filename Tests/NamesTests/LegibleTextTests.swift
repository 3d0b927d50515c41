// Names and reasons in which something cannot be seen.
import Names
import Testing

@Suite struct LegibleTextTests {
  @Test(arguments: [
    "ada", "Zoë Müller", "山田", "a b", "e\u{301}", "👩", "arn:aws:iam::1:role/x",
  ])
  func aNameThatCanBeSeen(name: String) {
    #expect(LegibleText.isName(name) && LegibleText.isLine(name))
  }

  @Test(arguments: [
    "a\u{1B}[2Jb", "a\nb", "a\tb", "a\u{7F}", "a\u{202E}b", "a\u{2066}b", "a\u{200B}b",
    "a\u{2028}b",
    "a\u{9B}1m", "\u{FEFF}a", "a\r",
  ])
  func aTextThatCannot(text: String) {
    #expect(!LegibleText.isName(text) && !LegibleText.isLine(text))
  }

  @Test func joinersBelongToScriptsAndNotToNames() {
    #expect(LegibleText.isLine("👩\u{200D}🔬") && !LegibleText.isName("ad\u{200D}a"))
    #expect(!LegibleText.isName("") && LegibleText.isLine(""))
  }
}
