// Whatever shows things must not show secrets.
import Testing

@testable import Configuration

@Suite struct SecretTests {
  private static let hidden = "hunter2"
  private static let text = """
    [Authentication]
    client_id = me
    client_secret = hunter2
    url = https://x/?s=%(client_secret)s
    max_tokens = hunter2
    empty_password =
    """

  private struct Holder {
    let name = "holder"
    let secret: Secret?
  }

  private static func shown(_ value: Any) -> String {
    var text = "\(value) " + String(reflecting: value)
    dump(value, to: &text)
    return text
  }

  private static func configuration(
    _ environment: [String: String] = [:]
  ) throws -> Configuration {
    try Configuration(
      document: IniDocument(text: text, file: "c.ini"), overrides: ["A.token": hidden],
      environment: environment)
  }

  @Test(
    "steps 3.12, data D18: keys of other programs hide their secrets",
    arguments: [
      ("datarobot_key", true), ("pwd", true), ("db_pwd", true), ("auth", true),
      ("access_key", true),
      ("aws_secret_access_key", true), ("connection_string", true), ("passwd", true),
      ("sas", true), ("credentials", true), ("api-key", true), ("author", false), ("key", false),
      ("keyword", false), ("client_id", false), ("s3_prefix", false), ("monkey", false),
    ])
  func namesOfSecrets(key: String, isSecret: Bool) {
    #expect(Secret.isSecret(key: key) == isSecret)
  }

  @Test("data D3: the query of a URL on the web is not shown") func queriesAreMasked() throws {
    let document = try IniDocument(
      text: """
        [A]
        data = https://h/a.csv?X-Amz-Signature=hunter2
        upper = HTTP://joe:hunter2@h/a.csv
        object = s3://b/what?
        """, file: "c.ini")
    let entries = try Configuration(document: document, overrides: [:], environment: [:]).entries()
    #expect(
      entries.map(\.shown) == [
        "https://h/a.csv?<secret>", "HTTP://<secret>@h/a.csv", "s3://b/what?",
      ])
    #expect(
      entries.map(\.recorded) == ["https://h/a.csv", "HTTP://<secret>@h/a.csv", "s3://b/what?"])
  }

  @Test func nothingShowsIt() throws {
    let secret = Secret(Self.hidden)
    #expect(secret.reveal() == Self.hidden)
    #expect("\(secret)" == "<secret>")
    #expect(Mirror(reflecting: secret).children.isEmpty)
    let configuration = try Self.configuration()
    let document = try #require(configuration.document)
    let holders: [Any] = [
      secret, Holder(secret: secret), [secret], configuration, document,
      configuration.entries(),
    ]
    for value in holders { #expect(!Self.shown(value).contains(Self.hidden)) }
    #expect(!((secret as Any) is any Encodable))
    #expect(!((secret as Any) is any Hashable))
  }

  @Test func isReadOnlyAsSecret() throws {
    let configuration = try Self.configuration()
    #expect(try configuration.secret("Authentication", "client_secret")?.reveal() == Self.hidden)
    #expect(try configuration.secret("Authentication", "token") == nil)
    #expect(try configuration.string("Authentication", "client_id") == "me")
    for key in ["client_secret", "url", "session_token"] {
      #expect(
        throws: ConfigurationError.secretAsText(section: "Authentication", key: key)
      ) { try configuration.string("Authentication", key, default: "x") }
    }
  }

  @Test func entriesMaskIt() throws {
    let entries = try Self.configuration(["ATELIER_AUTHENTICATION_CLIENT_ID": "you"]).entries()
    #expect(
      entries.map { "\($0.key) \($0.shown) \($0.isSecret)" } == [
        "client_id you false", "client_secret <secret> true", "url <secret> true",
        "max_tokens <secret> true", "empty_password  true", "token <secret> true",
      ])
    #expect(entries[1].reveal() == Self.hidden)
  }

  @Test(
    arguments: [
      "[A]\nclient_secret hunter2\n", "[A]\nclient_secret = a\nhunter2\n",
      "client_secret = hunter2\n", "[A]\nmy client_secret hunter2\n", "[A]\nhunter2secret\n",
    ])
  func syntaxErrorsMaskIt(text: String) {
    let message = IniDocumentTests.message(text)
    #expect(message != "no error")
    #expect(!message.contains(Self.hidden), "\(message)")
  }

  @Test func valueErrorsMaskIt() throws {
    let document = try IniDocument(
      text: "[A]\ntoken = 5%hunter2\nurl = x%(token)s\n", file: "f")
    for key in ["token", "url"] {
      let error = #expect(throws: IniError.self) { try document.get("A", key) }
      #expect(error.map { Self.shown($0).contains(Self.hidden) } == false)
    }
    let error = #expect(throws: ConfigurationError.self) {
      try Self.configuration().integer("Authentication", "max_tokens")
    }
    #expect(
      error?.description
        == "c.ini:5: Authentication.max_tokens: expected a whole number, found '<secret>'")
    var copy = document
    let refused = #expect(throws: IniError.self) { try copy.set("A", "token", " hunter2") }
    #expect(refused.map { Self.shown($0).contains(Self.hidden) } == false)
  }
}
