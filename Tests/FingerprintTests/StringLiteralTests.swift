// String literals: kept as written, but for the indentation of those over several lines.
import Testing

@Suite struct StringLiteralTests {
  @Test(arguments: [
    #"a = "" + "x  // y /* z""#,
    #"a = "\" // \\""#,
    ##"a = #"" \" // "x""# + "y""##,
    ##"a = #"\#(b)\#"  c"#"##,
    ###"a = ##"x"#  // "## + "z""###,
    ##"a = "\(b("  )  ", (c)) )  d""##,
    ##"a = "\(b ? "\(c)  " : #"("#)  ""##,
    ##"a = "  ä #line ' \u{41}""##,
    #"a = "x / y / z""#,
    #"a = "\(b / c)  ""#,
  ]) func keepsOneLine(_ source: String) {
    #expect(normal(source + "  // \" c") == source)
  }

  private static let several = ##"""
      let a = """
        x  // y /*

          \(z) " "" \"""
        \
        end  \(b("  )  "))
        """  // c
        + #"""
      \(#line)   "
      """
      """#
    """##

  @Test(arguments: ["", "  ", "\t", "        "]) func dropsIndentation(_ indentation: String) {
    let lines = Self.several.split(separator: "\n", omittingEmptySubsequences: false)
    let source = lines.map { $0.isEmpty ? "" : indentation + $0 }.joined(separator: "\n")
    let expected = ##"""
      let a = """
      x  // y /*

        \(z) " "" \"""
      \
      end  \(b("  )  "))
      """
      + #"""
      \(#line)   "
      """
      """#
      """##
    #expect(normal(source) == expected)
    #expect(normal(source.replacing("\n", with: "\r\n")) == expected)
  }

  @Test func keepsAnEmptyLiteral() {
    #expect(normal("a = \"\"\"\n    \"\"\"") == "a = \"\"\"\n\"\"\"")
  }

  @Test func keepsABlankLine() {
    #expect(normal("a = \"\"\"\n\n    \"\"\"") == "a = \"\"\"\n\n\"\"\"")
  }

  @Test(arguments: [
    ("\n  x\n  ", "\n  x \n  "),
    ("\n  x\n  ", "\n   x\n  "),
    ("\n  x\n  ", "\n  x\n "),
    ("\n  x\n  ", "\n  x\n\n  "),
    ("\n  x\n  ", "\n\n  x\n  "),
    ("\n  x\n  ", "\n  x // y\n  "),
    ("\n\n  ", "\n  "),
    ("\n  x\n  y\n  ", "\n  x\\\n  y\n  "),
  ]) func keepsWhatSeveralLinesSay(_ one: String, _ other: String) {
    #expect(normal("\"\"\"\(one)\"\"\"") != normal("\"\"\"\(other)\"\"\""))
  }
}
