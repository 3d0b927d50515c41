// What a document answers, and the sentences of its errors.
import Testing

@testable import Configuration

@Suite struct IniDocumentTests {
  static let file = "Workshops/X/config.ini"

  static func message(_ text: String) -> String {
    do {
      _ = try IniDocument(text: text, file: file)
      return "no error"
    } catch {
      return error.description
    }
  }

  @Test func answersInOrderAndWithLines() throws {
    let document = try IniDocument(
      text: "[DEFAULT]\nroot = /data\n\n[B]\nPath: %(ROOT)s/b\n  and more\n[A]\nroot = x\n",
      file: Self.file)
    #expect(document.sections == ["B", "A"])
    #expect(document.defaults == ["root"])
    #expect(try document.options(in: "B") == ["path", "root"])
    #expect(try document.options(in: "A") == ["root"])
    #expect(throws: IniError.noSection(file: Self.file, section: "C")) {
      try document.options(in: "C")
    }
    #expect(document.raw("B", "PATH") == "%(ROOT)s/b\nand more")
    #expect(try document.get("B", "path") == "/data/b\nand more")
    #expect(try document.get("DEFAULT", "root") == "/data")
    #expect(try document.get("A", "path") == nil)
    #expect(try document.get("C", "root") == nil)
    #expect(document.line("B", "path") == 5)
    #expect(document.line("B", "root") == 2)
    #expect(document.line(ofSection: "A") == 7)
  }

  @Test func saysWhereAndWhatInEachError() {
    let expected =
      "expected 'key = value', 'key: value', a [section], a comment (# or ;) or a line indented "
      + "deeper than the key it continues, found "
    #expect(
      Self.message("[a]\nfirst\n\n = 2\n")
        == "\(Self.file):2: \(expected)'first'\n\(Self.file):4: \(expected)'= 2'")
    #expect(
      Self.message("# c\nk = 1\n")
        == "\(Self.file):2: expected a [section] header before the first option, found 'k = 1'")
    #expect(
      Self.message("\u{FEFF}[a]\n")
        == "\(Self.file):1: expected a [section] header before the first option, "
        + "found a byte order mark; save the file as UTF-8 without one")
    #expect(
      Self.message("[a]\n\n[a]\n")
        == "\(Self.file):3: section [a] is already there at line 1; move its options there")
    #expect(
      Self.message("[a]\nk = 1\nK : 2\n")
        == "\(Self.file):3: a.k is already set at line 2; remove one of them")
  }

  @Test func namesTheInvalidByte() {
    #expect {
      try IniDocument(bytes: Array("[a]\r\nk = \u{E9}\n".utf8) + [0x20, 0xC3, 0x28], file: "f")
    } throws: { error in
      "\(error)"
        == "f:3: expected UTF-8 text, found an invalid byte at offset 13; save the file as UTF-8"
    }
  }

  @Test(
    arguments: [
      (
        "50% off",
        "expected '%%' or '%(name)s' where a '%' stands, found '% off'; write '%%' for "
          + "a percent sign"
      ),
      ("%(b)s", "its '%(name)s' references go deeper than 10 steps; do they go round in a circle?"),
    ])
  func explainsInterpolation(value: String, message: String) throws {
    let document = try IniDocument(text: "[S]\na = \(value)\nb = %(a)s\n", file: "f")
    let error = #expect(throws: IniError.self) { try document.get("S", "a") }
    #expect(error?.description == "f:2: S.a: " + message)
  }

  @Test func explainsMissingReference() throws {
    let document = try IniDocument(text: "[S]\na = %(Gone)s\n", file: "f")
    let error = #expect(throws: IniError.self) { try document.get("S", "a") }
    #expect(
      error?.description
        == "f:2: S.a refers to '%(gone)s', but neither [S] nor [DEFAULT] has an option 'gone'")
  }

  @Test func equalMeansSameBytes() throws {
    let composed = try IniDocument(text: "[\u{E9}]\n", file: "f")
    #expect(try composed == IniDocument(text: "[\u{E9}]\n", file: "f"))
    #expect(try composed != IniDocument(text: "[e\u{301}]\n", file: "f"))
  }
}
