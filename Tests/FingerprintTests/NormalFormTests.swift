// What counts in a Swift source and what does not, outside of string literals.
import Testing

@testable import Fingerprint

/// The normal form as text, or why there is none.
func normal(_ source: String) -> String {
  do {
    return String(decoding: try NormalForm.of(Array(source.utf8)), as: UTF8.self)
  } catch {
    return "line \(error.line): \(error.reason.rawValue)"
  }
}

@Suite struct NormalFormTests {
  @Test(arguments: [
    ("", ""),
    ("\n\n  // alone\n", ""),
    ("  a\n", "a"),
    ("a /* c */ b", "a b"),
    ("a/* c */b", "a b"),
    ("a/**/b", "a b"),
    ("a/*/ c */b", "a b"),
    ("a/* b /* c */ d */e", "a e"),
    ("a/* \" ` ' #line // */b", "a b"),
    ("a/* b\n */c", "a\nc"),
    ("a // b /* c\n d", "a\nd"),
    ("a /* b */ // c", "a"),
    ("/* a */ /* b */ c", "c"),
    ("a+/* b */c", "a+ c"),
    ("a\n\n\n  b \t\n\tc", "a\nb\nc"),
    ("a \t b", "a b"),
    ("a\r\nb // c\r\nd\r\n", "a\nb\nd"),
    ("/// Docs with ä and \u{1F600}.\nlet a = 1.5e-3", "let a = 1.5e-3"),
    ("x / y\nx /\ny\nx /= 2", "x / y\nx /\ny\nx /= 2"),
    ("`default` + $0", "`default` + $0"),
    ("#if os(Linux)\n  a\n#endif", "#if os(Linux)\na\n#endif"),
    ("\\.self.first?.x!", "\\.self.first?.x!"),
  ]) func dropsCommentsAndLayout(_ source: String, _ expected: String) {
    #expect(normal(source) == expected)
  }

  @Test(arguments: [
    ("let z = x\n-y", "let z = x - y"),
    ("let z = x - y", "let z = x -y"),
    ("let z = x -y", "let z = x-y"),
    ("= a\n[0].forEach{}", "= a [0].forEach{}"),
    ("= a [0].forEach{}", "= a[0].forEach{}"),
    ("f(a, b)", "f(a,\n  b)"),
    ("a /* c */ b", "a /* c\n */ b"),
    ("a /* c */ b", "a // c\n b"),
    ("return\na", "return a"),
    ("a ?b", "a? b"),
    ("let a = 1", "let a = 2"),
    ("let a = 1", "let A = 1"),
    ("a;b", "a b"),
  ]) func keepsWhatMayMean(_ one: String, _ other: String) {
    #expect(normal(one) != normal(other))
  }

  @Test func keepsPlacesOfTokens() throws {
    let tokens = try Tokenizer.tokens(of: Array(" ab /**/(\n\"c\")".utf8))
    #expect(
      tokens == [
        Token(gap: .nothing, range: 1..<3, rewritten: nil),
        Token(gap: .space, range: 8..<9, rewritten: nil),
        Token(gap: .newline, range: 10..<13, rewritten: nil),
        Token(gap: .nothing, range: 13..<14, rewritten: nil),
      ])
  }
}
