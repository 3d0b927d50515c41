// Changes to small files, each compared with the whole text expected.
import Testing

@testable import Configuration

@Suite struct RewriteTests {
  static let notebook = """
    # Ids are written back by the notebooks.
    [Platform]
    ims_org_id = 123@Org
    dataset_id =
    ; the prod sandbox
    Sandbox_Name:prod

    [Authentication]
    scopes = openid,
      # who we are
      AdobeID,

      session

    # not ours
    [DataRobot]
    token=%(ims)s


    """

  private func changed(
    _ text: String, _ section: String, _ key: String, _ value: String
  ) throws -> String {
    var document = try IniDocument(text: text, file: "config.ini")
    try document.set(section, key, value)
    #expect(document.raw(section, key) == value)
    return document.text
  }

  @Test func untouchedTextComesBack() throws {
    let text =
      Self.notebook.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\r\n") + "  "
    #expect(try IniDocument(text: text, file: "f").text.utf8.elementsEqual(text.utf8))
  }

  @Test(
    arguments: [
      ("Platform", "dataset_id", "cmle", "dataset_id =\n", "dataset_id = cmle\n"),
      ("Platform", "SANDBOX_name", "dev", "Sandbox_Name:prod\n", "Sandbox_Name:dev\n"),
      (
        "Platform", "flow_id", "7", "Sandbox_Name:prod\n", "Sandbox_Name:prod\nflow_id:7\n"
      ),
      (
        "Authentication", "scopes", "openid", "openid,\n  # who we are\n  AdobeID,\n\n  session\n",
        "openid\n  # who we are\n"
      ),
      (
        "Authentication", "scopes", "a\n\nb",
        "openid,\n  # who we are\n  AdobeID,\n\n  session\n", "a\n\t\n\tb\n  # who we are\n"
      ),
      ("Authentication", "client_id", "me", "  session\n", "  session\nclient_id = me\n"),
      ("DataRobot", "token", "", "token=%(ims)s\n", "token=\n"),
      ("DEFAULT", "ims", "x", "token=%(ims)s\n\n", "token=%(ims)s\n\n[DEFAULT]\nims=x\n"),
    ])
  func changesOnlyThatValue(
    section: String, key: String, value: String, old: String, new: String
  ) throws {
    let parts = Self.notebook.split(separator: old, omittingEmptySubsequences: false)
    try #require(parts.count == 2)
    #expect(try changed(Self.notebook, section, key, value) == parts.joined(separator: new))
  }

  @Test(
    arguments: [
      ("[a]\r\nk = 1\r\n[b]\r\n", "[a]\r\nk = 2\r\n[b]\r\n"),
      ("[a]\nk = 1", "[a]\nk = 2"),
      ("[a]\nk = 1\n 2\n 3", "[a]\nk = 2"),
      ("[a]\r\nk =  1  ; no comment\r\n  x", "[a]\r\nk =  2"),
      ("[a]\r  k:1\r", "[a]\r  k:2\r"),
      ("[a]", "[a]\nk = 2"),
      ("[a]\n", "[a]\nk = 2\n"),
      ("[a]\r\n# none\r\n", "[a]\r\nk = 2\r\n# none\r\n"),
      ("[a]\n  x=1\n [b]\n", "[a]\n  x=1\n  k=2\n [b]\n"),
      ("[a]\n\n    [b]\n", "[a]\n    k = 2\n\n    [b]\n"),
      ("", "[a]\nk = 2\n"),
      ("[b]\nx : 1", "[b]\nx : 1\n\n[a]\nk : 2"),
      ("[b]\r\nx = 1\r\n\r\n", "[b]\r\nx = 1\r\n\r\n[a]\r\nk = 2\r\n"),
      ("[a]\nk=2\n\n", "[a]\nk=2\n\n"),
    ])
  func keepsLineEndingsAndStyle(old: String, new: String) throws {
    #expect(escaped(try changed(old, "a", "k", "2")) == escaped(new))
  }

  @Test func indentsContinuationsBelowTheirKey() throws {
    #expect(
      try changed("[a]\n    k = 1\n    x = 1\n", "a", "k", "1\n2")
        == "[a]\n    k = 1\n    \t2\n    x = 1\n")
  }

  @Test(
    arguments: [
      ("a", "k", " 1", "line 1 of the value begins or ends with white space"),
      ("a", "k", "1\n2 ", "line 2 of the value begins or ends with white space"),
      ("a", "k", "1\n#2", "line 2 of the value would be read as a comment"),
      ("a", "k", "1\n", "the value ends with an empty line"),
      ("a", "k", "1\r2", "a value cannot hold a carriage return"),
      ("a", "k", "100%", "expected '%%' or '%(name)s'"),
      ("a", "x=y", "1", "read back differently"),
      ("a", "#x", "1", "read back differently"),
      ("a", "", "1", "read back differently"),
      ("a", "x\ny", "1", "read back differently"),
      ("a", "[x]", "1", "read back differently"),
      ("b\n[c", "k", "1", "read back differently"),
      ("", "k", "1", "read back differently"),
    ])
  func refusesWhatCannotBeReadBack(
    section: String, key: String, value: String, reason: String
  ) throws {
    var document = try IniDocument(text: "[a]\nk = 0\n", file: "config.ini")
    let error = #expect(throws: IniError.self) { try document.set(section, key, value) }
    #expect(error?.description.hasPrefix("config.ini: cannot set \(section).\(key): ") == true)
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    #expect(document.text == "[a]\nk = 0\n")
  }

  @Test func takesValuesThatOnlyLookDangerous() throws {
    for value in ["", "# x", "; y", "[v]", "= :", "%%", "%(nope)s", "\na\n[b]\nc = d", "e\u{301}"] {
      #expect(try changed("[a]\nk = 0\n[b]\nz = 1\n", "a", "k", value).hasSuffix("[b]\nz = 1\n"))
    }
  }
}
