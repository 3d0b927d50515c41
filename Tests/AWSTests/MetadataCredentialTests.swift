// Credentials that surroundings hand out: web identity, containers, EC2 instances; and their order.
import AtelierTesting
import Foundation
import Signing
import Testing

@testable import AWS
@testable import CloudFormation
@testable import HTTP
@testable import S3

@Suite struct MetadataCredentialTests {
  private let folder: TemporaryFolder
  private let clock = FakeClock()

  init() throws { folder = try TemporaryFolder() }

  private func settings(
    _ environment: [String: String], config: String = "", credentials: String = "",
    profile: String? = nil
  ) throws -> AWSSettings {
    try folder.write(credentials, to: "credentials")
    try folder.write(config, to: "config")
    let files = [
      "AWS_SHARED_CREDENTIALS_FILE": folder("credentials"), "AWS_CONFIG_FILE": folder("config"),
      "AWS_REGION": "eu-west-1",
    ]
    return try AWSSettings(environment: files.merging(environment) { $1 }, profile: profile)
  }

  private func provider(
    _ settings: AWSSettings, sts: ScriptedTransport = ScriptedTransport([]),
    metadata: ScriptedTransport = ScriptedTransport([])
  ) throws -> CredentialProvider {
    try settings.credentials(transport: sts, metadata: metadata, timing: clock.timing())
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  private func body(_ request: HTTPRequest) -> String {
    guard case .bytes(let bytes) = request.body else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func field(_ name: String, _ request: HTTPRequest) -> String? {
    request.fields.first { $0.name == name }?.value
  }

  /// The clock stands at 15:06:40 of this day.
  private static let document = """
    {"Code": "Success", "AccessKeyId": "AKIDMETA", "SecretAccessKey": "s3cret", "Token": "t0ken",
     "Expiration": "2025-06-15T16:06:40Z"}
    """

  private static func assumed(_ key: String) -> ScriptedTransport.Step {
    .answer(
      200,
      body: """
        <AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
        <AccessKeyId>\(key)</AccessKeyId><SecretAccessKey>rs</SecretAccessKey>\
        <SessionToken>rt</SessionToken><Expiration>2025-06-15T16:06:40Z</Expiration></Credentials>\
        </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
        """)
  }

  // ---- web identity ----

  @Test func aTokenOfTheEnvironmentAssumesItsRole() throws {
    try folder.write("first.t0ken\n", to: "token")
    let sts = ScriptedTransport([Self.assumed("AKIDWEB1"), Self.assumed("AKIDWEB2")])
    let provider = try provider(
      try settings([
        "AWS_WEB_IDENTITY_TOKEN_FILE": folder("token"), "AWS_ROLE_ARN": "arn:aws:iam::1:role/web",
        "AWS_ROLE_SESSION_NAME": "ci",
      ]), sts: sts)
    #expect(try provider.current().accessKeyID == "AKIDWEB1")
    let request = sts.requests[0]
    #expect(request.base.description == "https://sts.eu-west-1.amazonaws.com")
    #expect(field("Authorization", request) == nil)
    let form = body(request)
    for part in [
      "Action=AssumeRoleWithWebIdentity", "role%2Fweb", "RoleSessionName=ci",
      "WebIdentityToken=first.t0ken",
    ] {
      #expect(form.contains(part), "\(part)")
    }
    // The token's file is read anew before the credentials end.
    try folder.write("second.t0ken", to: "token")
    clock.advance(3400)
    #expect(try provider.current().accessKeyID == "AKIDWEB2")
    #expect(body(sts.requests[1]).contains("second.t0ken"))
  }

  @Test func aTokenOfAProfileAssumesItsRole() throws {
    try folder.write("tok", to: "token")
    let config = """
      [profile web]
      role_arn = arn:aws:iam::1:role/web
      web_identity_token_file = \(folder("token"))
      """
    let sts = ScriptedTransport([Self.assumed("AKIDWEB")])
    let provider = try provider(try settings([:], config: config, profile: "web"), sts: sts)
    #expect(try provider.current().accessKeyID == "AKIDWEB")
    #expect(body(sts.requests[0]).contains("RoleSessionName=atelier-"))
  }

  @Test func refusedTokensAreNamedAndNotShown() throws {
    try folder.write("t0ken", to: "token")
    let environment = [
      "AWS_WEB_IDENTITY_TOKEN_FILE": folder("token"), "AWS_ROLE_ARN": "arn:aws:iam::1:role/web",
    ]
    let refused = ScriptedTransport([
      .answer(
        400,
        body: "<ErrorResponse><Error><Code>ExpiredTokenException</Code></Error></ErrorResponse>")
    ])
    let text = message { _ = try provider(try settings(environment), sts: refused).current() }
    #expect(text.contains("role/web") && text.contains("ExpiredTokenException"))
    #expect(!text.contains("t0ken"))
    let half = message {
      _ = try provider(try settings(["AWS_WEB_IDENTITY_TOKEN_FILE": "/x"])).current()
    }
    #expect(half.contains("no AWS_ROLE_ARN"))
    let gone = message {
      _ = try provider(
        try settings(environment.merging(["AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/t"]) { $1 })
      ).current()
    }
    #expect(gone.contains("/nowhere/t: cannot read it"))
  }

  // ---- containers ----

  @Test func aContainerIsAskedAtItsAddress() throws {
    let metadata = ScriptedTransport([.answer(200, body: Self.document)])
    let found = try provider(
      try settings(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/x?a=b%20c"]),
      metadata: metadata
    ).current()
    #expect(found.accessKeyID == "AKIDMETA" && found.sessionToken?.reveal() == "t0ken")
    #expect(metadata.requests[0].url == "http://169.254.170.2/v2/credentials/x?a=b%20c")
    #expect(field("Authorization", metadata.requests[0]) == nil)
  }

  @Test func theTokenFileOfAContainerIsReadForEachFetch() throws {
    try folder.write("one\n", to: "token")
    let metadata = ScriptedTransport([
      .answer(200, body: Self.document), .answer(503), .answer(200, body: Self.document),
    ])
    let provider = try provider(
      try settings([
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": folder("token"),
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "not this",
      ]), metadata: metadata)
    _ = try provider.current()
    try folder.write("two", to: "token")
    clock.advance(3400)
    _ = try provider.current()
    #expect(
      metadata.requests.map { field("Authorization", $0) } == ["one", "two", "two"])
    #expect(metadata.requests[0].url == "http://169.254.170.23/v1/credentials")
  }

  @Test(arguments: [
    ("http://127.0.0.1:7000/c", true), ("http://localhost/c", true), ("http://[::1]/c", true),
    ("https://example.com/c", true), ("http://[fd00:ec2::23]/c", true),
    ("http://example.com/c", false), ("http://127.0.0.1.example.com/c", false),
    ("http://169.254.169.254/c", false), ("nonsense", false),
  ])
  func credentialsComeOverSafeWaysOnly(_ url: String, _ isFine: Bool) throws {
    let metadata = ScriptedTransport([.answer(200, body: Self.document)])
    let text = message {
      _ = try provider(
        try settings(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url]), metadata: metadata
      ).current()
    }
    #expect((text == "no error") == isFine, "\(text)")
    #expect(metadata.requests.count == (isFine ? 1 : 0))
    #expect(isFine || text.contains("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
  }

  @Test func aContainerThatRefusesIsNamed() throws {
    for (step, part) in [
      (ScriptedTransport.Step.answer(403, body: "{\"message\": \"bad token\"}"), "bad token"),
      (.failure(.connect), "no connection"),
      (.answer(200, body: "{\"Token\": \"s3cret\"}"), "lacks"),
    ] {
      let text = message {
        _ = try provider(
          try settings(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"]),
          metadata: ScriptedTransport([step])
        ).current()
      }
      #expect(text.contains("http://169.254.170.2/x") && text.contains(part), "\(text)")
      #expect(!text.contains("s3cret"))
    }
  }

  // ---- instances ----

  @Test func anInstanceIsAskedWithAToken() throws {
    let metadata = ScriptedTransport([
      .answer(200, body: "imds-token"), .answer(200, body: "my-role\n"),
      .answer(200, body: Self.document),
    ])
    let found = try provider(try settings([:]), metadata: metadata).current()
    #expect(found.accessKeyID == "AKIDMETA")
    let asked = metadata.requests
    #expect(asked.map(\.method) == ["PUT", "GET", "GET"])
    let path = "http://169.254.169.254/latest/meta-data/iam/security-credentials/"
    #expect(
      asked.map(\.url) == ["http://169.254.169.254/latest/api/token", path, path + "my-role"])
    #expect(field("X-aws-ec2-metadata-token-ttl-seconds", asked[0]) == "21600")
    #expect(asked.dropFirst().allSatisfy { field("X-aws-ec2-metadata-token", $0) == "imds-token" })
  }

  @Test func whereThereIsNoRoleOrNoServiceThereAreNone() throws {
    for script: [ScriptedTransport.Step] in [
      [.failure(.connect)], [.failure(.timeout)], [.answer(200, body: "t"), .answer(404)],
      [.answer(403)],
    ] {
      let text = message {
        _ = try provider(try settings([:]), metadata: ScriptedTransport(script)).current()
      }
      #expect(text.contains("no AWS credentials") && text.contains("aws configure"), "\(text)")
    }
    let unasked = ScriptedTransport([])
    let text = message {
      _ = try provider(
        try settings(["AWS_EC2_METADATA_DISABLED": "true"]), metadata: unasked
      ).current()
    }
    #expect(text.contains("no AWS credentials") && unasked.requests.isEmpty)
    let elsewhere = ScriptedTransport([.failure(.connect)])
    _ = message {
      _ = try provider(
        try settings(["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1338"]),
        metadata: elsewhere
      ).current()
    }
    #expect(elsewhere.requests.map(\.url) == ["http://127.0.0.1:1338/latest/api/token"])
  }

  @Test func credentialsThatEndSoonAreNotAskedForAtEachRequest() throws {
    let script = [
      ScriptedTransport.Step.answer(200, body: "t"), .answer(200, body: "role"),
      .answer(200, body: Self.document),
    ]
    let metadata = ScriptedTransport(script + script)
    clock.advance(3400)
    let provider = try provider(try settings([:]), metadata: metadata)
    for _ in 0..<5 { _ = try provider.current() }
    #expect(metadata.requests.count == 3)
    clock.advance(31)
    _ = try provider.current()
    #expect(metadata.requests.count == 6)
  }

  @Test func aProfileMayNameTheSource() throws {
    let config = """
      [profile machine]
      role_arn = arn:aws:iam::1:role/other
      credential_source = Ec2InstanceMetadata
      [profile box]
      role_arn = arn:aws:iam::1:role/other
      credential_source = EcsContainer
      """
    let answer = ScriptedTransport.Step.answer(
      200,
      body: """
        <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKIDROLE</AccessKeyId>\
        <SecretAccessKey>rs</SecretAccessKey><SessionToken>rt</SessionToken>\
        <Expiration>2025-06-15T16:06:40Z</Expiration></Credentials></AssumeRoleResult>\
        </AssumeRoleResponse>
        """)
    let metadata = ScriptedTransport([
      .answer(200, body: "t"), .answer(200, body: "role"), .answer(200, body: Self.document),
    ])
    let sts = ScriptedTransport([answer])
    let found = try provider(
      try settings([:], config: config, profile: "machine"), sts: sts, metadata: metadata
    ).current()
    #expect(found.accessKeyID == "AKIDROLE")
    #expect(field("Authorization", sts.requests[0])?.contains("Credential=AKIDMETA/") == true)
    let none = message {
      _ = try provider(try settings([:], config: config, profile: "box")).current()
    }
    #expect(none.contains("credential_source"))
  }

  // ---- the order ----

  @Test func theOrderIsThatOfAWS() throws {
    try folder.write("tok", to: "token")
    let keys = "aws_access_key_id = AKIDFILE\naws_secret_access_key = s\n"
    var environment = [
      "AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "s",
      "AWS_WEB_IDENTITY_TOKEN_FILE": folder("token"), "AWS_ROLE_ARN": "r",
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x",
    ]
    var file = "[default]\n\(keys)"
    func first() throws -> String {
      let container = ScriptedTransport([.answer(200, body: Self.document)])
      return try provider(
        try settings(environment, credentials: file),
        sts: ScriptedTransport([Self.assumed("AKIDWEB")]), metadata: container
      ).current().accessKeyID
    }
    #expect(try first() == "AKIDENV")
    environment["AWS_ACCESS_KEY_ID"] = nil
    environment["AWS_SECRET_ACCESS_KEY"] = nil
    #expect(try first() == "AKIDWEB")
    environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = nil
    #expect(try first() == "AKIDFILE")
    file = ""
    #expect(try first() == "AKIDMETA")
  }
}
