// Sources that have no normal form, each for its own reason.
import Testing

@testable import Fingerprint

@Suite struct UnsureTests {
  @Test(
    arguments: [
      ("#!/usr/bin/swift", .shebang),
      ("a\u{0B}b", .controlCharacter),
      ("a\u{0}b", .controlCharacter),
      ("// a\u{7F}", .controlCharacter),
      ("a\rb", .controlCharacter),
      ("a\r", .controlCharacter),
      ("/* a /* b */", .unterminatedComment),
      ("/*/", .unterminatedComment),
      ("a */ b", .strayCommentEnd),
      ("a */* b */ c", .strayCommentEnd),
      ("a = \"b", .unterminatedString),
      ("a = \"b\nc\"", .unterminatedString),
      ("a = \"b\\\"", .unterminatedString),
      ("a = \"b\\\nc\"", .unterminatedString),
      ("a = #\"b\"", .unterminatedString),
      ("a = \"\"\"\nb\n\"\"", .unterminatedString),
      ("a = #\"\"\"\nb\n\"\"\"", .unterminatedString),
      ("a = 'b'", .singleQuote),
      ("a = \"\"\"b\"\"\"", .multiLineDelimiter),
      ("a = \"\"\" \n\"\"\"", .multiLineDelimiter),
      ("a = #\"\"\"#", .multiLineDelimiter),
      ("a = \"\"\"\nb \"\"\"", .multiLineDelimiter),
      ("a = \"\"\"\n b\n  \"\"\"", .indentation),
      ("a = \"\"\"\n\tb\n  \"\"\"", .indentation),
      ("a = \"\"\"\n \n  \"\"\"", .indentation),
      ("a = \"\\(b\n)\"", .interpolation),
      ("a = \"\\(b", .interpolation),
      ("a = \"\\(b /* c */)\"", .interpolation),
      ("a = \"\\(b // c)\"", .interpolation),
      ("a = \"\"\"\n\\(b\n)\n\"\"\"", .interpolation),
      ("a = \"\\(\"\"\"\nb\n\"\"\")\"", .interpolation),
      ("a = /b/", .regex),
      ("a = /\"/", .regex),
      ("a = !/b  c/", .regex),
      ("a = b/c // d", .regex),
      ("a = #/b/#", .regex),
      ("a = #/\nb\n/#", .regex),
      ("a = ##/b/##", .directive),
      ("a = \"\\(/b/)\"", .regex),
      ("a = #line", .directive),
      ("a = #column", .directive),
      ("a = #file", .directive),
      ("a = #fileID", .directive),
      ("a = #filePath", .directive),
      ("#sourceLocation(file: \"a\", line: 1)", .directive),
      ("#macro()", .directive),
      ("# if a", .directive),
      ("#", .directive),
      ("a = \"\\(#line)\"", .directive),
      ("a = <#b c#>", .directive),
      ("`a b`", .backtick),
      ("``", .backtick),
      ("`a", .backtick),
      ("`a\nb`", .backtick),
      ("let π = 3", .notASCII),
      ("a\u{A0}b", .notASCII),
      ("\u{FEFF}a", .notASCII),
    ] as [(String, Unsure.Reason)])
  func saysWhy(_ source: String, _ reason: Unsure.Reason) {
    #expect(throws: Unsure(reason: reason, line: 1)) { try firstLine(source) }
  }

  /// Any line counts as the first here: where a token begins is tested below.
  private func firstLine(_ source: String) throws {
    do {
      _ = try NormalForm.of(Array(source.utf8))
    } catch {
      throw Unsure(reason: error.reason, line: 1)
    }
  }

  @Test func refusesInvalidUTF8() {
    #expect(throws: Unsure(reason: .notUTF8, line: 1)) {
      try NormalForm.of(Array("// ".utf8) + [0xC3, 0x28])
    }
  }

  @Test(arguments: [
    ("a\r\nb\r\n\r\n  /b/", 4), ("a\n\"\"\"\nb", 2), ("\n\n/* a\n\n", 3), ("\n\u{1}", 2),
    ("\"\"\"\na\n\\(#line)\n\"\"\"", 3),
  ]) func namesTheLine(_ source: String, _ line: Int) {
    #expect(normal(source).hasPrefix("line \(line): "))
  }
}
