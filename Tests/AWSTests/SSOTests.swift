// Logins to IAM Identity Center: both forms of profiles, renewal, and what a user is told to type.
import AtelierTesting
import Content
import Foundation
import HTTP
import Signing
import Tagging
import Testing

@testable import AWS

@Suite struct SSOTests {
  private let folder: TemporaryFolder
  /// It stands at 15:06:40 of 15 June 2025.
  private let clock = FakeClock()

  init() throws { folder = try TemporaryFolder() }

  private static let config = """
    [sso-session corp]
    sso_start_url = https://corp.example.com/start
    sso_region = eu-central-1
    sso_registration_scopes = sso:account:access

    [profile new]
    sso_session = corp
    sso_account_id = 123456789012
    sso_role_name = Analyst
    region = eu-west-1

    [profile old]
    sso_start_url = https://old.example.com/start
    sso_region = us-east-1
    sso_account_id = 210987654321
    sso_role_name = Admin
    region = eu-west-1

    [profile above]
    source_profile = new
    role_arn = arn:aws:iam::1:role/x
    region = eu-west-1
    """

  private func file(_ login: String) throws -> String {
    try SSOTokenFile(login: login, home: folder.path).path
  }

  private func login(
    _ name: String, token: String = "t0ken", until end: String = "2025-06-15T23:00:00Z",
    _ more: String = ""
  ) throws {
    try TestFiles.write(
      Array(#"{"accessToken": "\#(token)", "expiresAt": "\#(end)"\#(more)}"#.utf8),
      to: file(name))
  }

  private static let renewal =
    #", "clientId": "cid", "clientSecret": "cs3cret", "refreshToken": "r3fresh", "#
    + #""registrationExpiresAt": "2025-09-01T00:00:00Z""#

  private func provider(
    _ profile: String, _ transport: ScriptedTransport, config: String = config,
    _ variables: [String: String] = [:], sessionTags: ResourceTags = .none
  ) throws -> CredentialProvider {
    try folder.write(config, to: "config")
    let environment = [
      "AWS_CONFIG_FILE": folder("config"), "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
      "HOME": folder.path, "AWS_EC2_METADATA_DISABLED": "true",
    ].merging(variables) { $1 }
    return try AWSSettings(
      environment: environment, profile: profile, sessionTags: sessionTags
    ).credentials(transport: transport, metadata: transport, timing: clock.timing())
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  private static func granted(_ key: String) -> ScriptedTransport.Step {
    .answer(
      200,
      body: #"{"roleCredentials": {"accessKeyId": "\#(key)", "secretAccessKey": "s3cret", "#
        + #""sessionToken": "st0ken", "expiration": 1750003600000}}"#)
  }

  private func field(_ name: String, _ request: HTTPRequest) -> String? {
    request.fields.first { $0.name == name }?.value
  }

  @Test func aSessionGivesCredentialsOfItsRole() throws {
    try login("corp")
    let transport = ScriptedTransport([Self.granted("AKIDSSO")])
    let credentials = try provider("new", transport).current()
    #expect(credentials.accessKeyID == "AKIDSSO")
    #expect(credentials.secretKey.reveal() == "s3cret")
    #expect(credentials.sessionToken?.reveal() == "st0ken")
    #expect(credentials.expiration == UnixTime(seconds: 1_750_003_600))
    let request = transport.requests[0]
    #expect(
      request.url == "https://portal.sso.eu-central-1.amazonaws.com/federation/credentials"
        + "?account_id=123456789012&role_name=Analyst")
    #expect(field("x-amz-sso_bearer_token", request) == "t0ken")
    #expect(field("Authorization", request) == nil)
  }

  @Test func theOlderFormIsReadToo() throws {
    try login("https://old.example.com/start", until: "2025-06-15T23:00:00UTC")
    let transport = ScriptedTransport([Self.granted("AKIDOLD")])
    #expect(try provider("old", transport).current().accessKeyID == "AKIDOLD")
    #expect(transport.requests[0].base.host == "portal.sso.us-east-1.amazonaws.com")
  }

  @Test func filesAreNamedAsAwscliNamesThem() throws {
    // printf corp | sha1sum
    let sum = try Judge.sha1("corp")
    #expect(try file("corp") == "\(folder.path)/.aws/sso/cache/\(sum).json")
  }

  @Test func otherEndpointsAreUsed() throws {
    try login("corp")
    let transport = ScriptedTransport([Self.granted("AKIDSSO")])
    _ = try provider(
      "new", transport, ["AWS_ENDPOINT_URL_SSO": "http://127.0.0.1:9/sso"]
    ).current()
    #expect(transport.requests[0].url.hasPrefix("http://127.0.0.1:9/sso/federation/"))
  }

  @Test(arguments: [
    ("new", "aws sso login --sso-session corp"), ("old", "aws sso login --profile old"),
  ])
  func withoutALoginTheCommandIsTold(profile: String, command: String) throws {
    let absent = message { _ = try provider(profile, ScriptedTransport([])).current() }
    #expect(absent == "nobody has logged in for the AWS profile '\(profile)'; type: \(command)")
    try login(
      profile == "new" ? "corp" : "https://old.example.com/start", until: "2025-06-15T15:00:00Z")
    let expired = message { _ = try provider(profile, ScriptedTransport([])).current() }
    #expect(expired == "the login of the AWS profile '\(profile)' has expired; type: \(command)")
    #expect(!expired.contains("t0ken"))
  }

  @Test func aTokenThatTheServiceRefusesHasExpired() throws {
    try login("corp")
    let refused = ScriptedTransport([
      .answer(
        401, body: #"{"message": "Session token not found or invalid"}"#,
        fields: [HTTPField("x-amzn-errortype", "UnauthorizedException")])
    ])
    let text = message { _ = try provider("new", refused).current() }
    #expect(text.contains("has expired; type: aws sso login --sso-session corp"))
  }

  @Test func aRoleThatIsNotGivenIsNamed() throws {
    try login("corp")
    let refused = ScriptedTransport([
      .answer(
        403, body: #"{"message": "No access, token t0ken"}"#,
        fields: [HTTPField("x-amzn-errortype", "ForbiddenException")])
    ])
    let text = message { _ = try provider("new", refused).current() }
    #expect(text.contains("role Analyst") && text.contains("123456789012"))
    #expect(text.contains("ForbiddenException") && !text.contains("t0ken"))
  }

  @Test func aTokenIsRenewedBeforeItEnds() throws {
    try login("corp", until: "2025-06-15T15:10:00Z", Self.renewal)
    let transport = ScriptedTransport([
      .answer(
        200,
        body: #"{"accessToken": "n3w", "expiresIn": 28800, "refreshToken": "r3fresh2"}"#),
      Self.granted("AKIDSSO"),
    ])
    #expect(try provider("new", transport).current().accessKeyID == "AKIDSSO")
    let request = transport.requests[0]
    #expect(request.method == "POST")
    #expect(request.url == "https://oidc.eu-central-1.amazonaws.com/token")
    guard case .bytes(let bytes) = request.body else { throw Failure() }
    let body = try JSONValue(parsing: bytes)
    #expect(
      body == [
        "clientId": "cid", "clientSecret": "cs3cret", "grantType": "refresh_token",
        "refreshToken": "r3fresh",
      ])
    #expect(field("x-amz-sso_bearer_token", transport.requests[1]) == "n3w")
    // awscli goes on with the file, which nobody else can read.
    let kept = try JSONValue(parsing: TestFiles.read(file("corp")))
    #expect(kept["accessToken"] == "n3w" && kept["refreshToken"] == "r3fresh2")
    #expect(kept["expiresAt"] == "2025-06-15T23:06:40Z" && kept["clientId"] == "cid")
    #expect(try mode(file("corp")) == 0o600)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder(".aws/sso/cache")).count == 1)
  }

  @Test func aRenewalThatFailsLeavesAValidTokenInUse() throws {
    try login("corp", until: "2025-06-15T15:10:00Z", Self.renewal)
    let transport = ScriptedTransport([
      .answer(400, body: #"{"error": "invalid_grant"}"#), Self.granted("AKIDSSO"),
    ])
    #expect(try provider("new", transport).current().accessKeyID == "AKIDSSO")
    #expect(field("x-amz-sso_bearer_token", transport.requests[1]) == "t0ken")
    // Once it has ended, there is none.
    clock.advance(600)
    let gone = ScriptedTransport([.answer(400, body: #"{"error": "invalid_grant"}"#)])
    let text = message { _ = try provider("new", gone).current() }
    #expect(text.contains("has expired"))
  }

  @Test func aLoginCanBeTheSourceOfARole() throws {
    try login("corp")
    let transport = ScriptedTransport([
      Self.granted("AKIDSSO"),
      .answer(
        200,
        body: """
          <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKIDROLE</AccessKeyId>\
          <SecretAccessKey>rs</SecretAccessKey><SessionToken>rt</SessionToken>\
          <Expiration>2025-06-15T16:06:40Z</Expiration></Credentials></AssumeRoleResult>\
          </AssumeRoleResponse>
          """),
    ])
    let tags = try ResourceTags(parsing: "Project=churn, CostCenter=7")
    let provider = try provider("above", transport, sessionTags: tags)
    #expect(try provider.current().accessKeyID == "AKIDROLE")
    guard case .bytes(let bytes) = transport.requests[1].body else { throw Failure() }
    let form = String(decoding: bytes, as: UTF8.self)
    for part in [
      "Tags.member.1.Key=CostCenter", "Tags.member.1.Value=7", "Tags.member.2.Key=Project",
      "Tags.member.2.Value=churn",
    ] {
      #expect(form.contains(part), "\(part)")
    }
  }

  @Test(arguments: [
    ("sso_account_id = 1\nsso_session = corp", "no sso_role_name"),
    ("sso_role_name = x\nsso_session = corp", "no sso_account_id"),
    ("sso_session = corp", "no sso_account_id and sso_role_name"),
    ("sso_account_id = 1\nsso_role_name = x\nsso_session = other", "[sso-session other]"),
    ("sso_account_id = 1\nsso_role_name = x\nsso_region = eu-west-1", "no sso_start_url"),
    ("sso_account_id = 1\nsso_role_name = x\nsso_start_url = https://x", "no sso_region"),
    (
      "sso_account_id = 1\nsso_role_name = x\nsso_session = corp\nsso_region = us-east-1",
      "eu-central-1"
    ),
  ])
  func whatIsMissingIsNamed(keys: String, part: String) {
    let config = Self.config + "\n[profile bad]\n\(keys)\n"
    let text = message {
      _ = try provider("bad", ScriptedTransport([]), config: config).current()
    }
    #expect(text.contains(part), "\(text)")
  }

  @Test(arguments: ["", "[]", "{}", #"{"accessToken": "a", "expiresAt": "soon"}"#, "{\"a"])
  func aDamagedFileIsNoLogin(text: String) throws {
    try TestFiles.write(Array(text.utf8), to: file("corp"))
    let said = message { _ = try provider("new", ScriptedTransport([])).current() }
    #expect(said.contains("nobody has logged in"))
  }

  private struct Failure: Error {}
}

/// What other programs say.
private enum Judge {
  static func sha1(_ text: String) throws -> String {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sha1sum")
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data(text.utf8))
    try input.fileHandleForWriting.close()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(String(decoding: bytes, as: UTF8.self).prefix(40))
  }
}
