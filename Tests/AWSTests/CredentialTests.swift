// Where credentials and settings come from, and that no secret is ever shown.
import AtelierTesting
import Foundation
import Signing
import Testing

@testable import AWS
@testable import CloudFormation
@testable import HTTP
@testable import S3

@Suite struct CredentialTests {
  private let folder: TemporaryFolder
  private let clock = FakeClock()

  init() throws { folder = try TemporaryFolder() }

  private func settings(
    _ environment: [String: String] = [:], credentials: String = "", config: String = "",
    profile: String? = nil, region: String? = nil, endpoint: String? = nil
  ) throws -> AWSSettings {
    try folder.write(credentials, to: "credentials")
    try folder.write(config, to: "config")
    let files = [
      "AWS_SHARED_CREDENTIALS_FILE": folder("credentials"), "AWS_CONFIG_FILE": folder("config"),
      "PATH": "/usr/bin:/bin",
    ]
    return try AWSSettings(
      environment: files.merging(environment) { $1 }, profile: profile, region: region,
      endpoint: endpoint)
  }

  private func fetch(
    _ settings: AWSSettings, _ steps: [ScriptedTransport.Step] = []
  ) throws -> Credentials {
    // Nobody answers where containers and machines give credentials.
    try settings.credentials(
      transport: ScriptedTransport(steps), metadata: ScriptedTransport([.failure(.connect)]),
      timing: clock.timing()
    ).current()
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  /// An answer of STS about the caller.
  private static func caller(_ account: String) -> ScriptedTransport.Step {
    .answer(
      200,
      body: "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/u</Arn>"
        + "<Account>\(account)</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
  }

  @Test func credentialsOfAnotherAccountAreRefused() throws {
    let environment = ["AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "s"]
    func found(_ account: String, _ step: ScriptedTransport.Step?) throws -> Credentials {
      try fetch(
        AWSSettings(environment: environment, region: "eu-west-1", account: account),
        step.map { [$0] } ?? [])
    }
    for account in ["123456789012", "12345*******"] {
      #expect(try found(account, Self.caller("123456789012")).accessKeyID == "AKIDENV")
      #expect(
        message { _ = try found(account, Self.caller("999956789012")) }.hasPrefix(
          "[AWS] account is \(account), and the credentials belong to account 999956789012; use"))
    }
    // Without an account nobody is asked.
    #expect(try found("", nil).accessKeyID == "AKIDENV")
    #expect(
      message { _ = try found("123456789012", .answer(403, body: "<no/>")) }.hasPrefix(
        "cannot check that the credentials belong to [AWS] account 123456789012: "))
  }

  private static let keys = "aws_access_key_id = AKIDFILE\naws_secret_access_key = s3cr=t/+#x\n"

  @Test func variablesComeFirst() throws {
    let environment = [
      "AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
    ]
    let text = "[default]\n\(Self.keys)[p]\n\(Self.keys)"
    let found = try fetch(try settings(environment, credentials: text))
    #expect(found.accessKeyID == "AKIDENV")
    #expect(found.sessionToken?.reveal() == "t")
    // AWS_PROFILE does not beat keys in the environment, a profile of our configuration does.
    let both = environment.merging(["AWS_PROFILE": "p"]) { $1 }
    #expect(try fetch(try settings(both, credentials: text)).accessKeyID == "AKIDENV")
    let given = try settings(environment, credentials: text, profile: "p")
    #expect(try fetch(given).accessKeyID == "AKIDFILE")
  }

  @Test func filesHaveProfiles() throws {
    let found = try fetch(
      try settings(
        ["AWS_PROFILE": "my team"], credentials: "# comment\n[default]\nx=y\n",
        config: "[profile \"my team\"]\n\(Self.keys)aws_session_token=tok\n"))
    #expect(found.accessKeyID == "AKIDFILE")
    #expect(found.secretKey.reveal() == "s3cr=t/+#x")
    #expect(found.sessionToken?.reveal() == "tok")
  }

  @Test func filesAtHome() throws {
    try folder.write("[default]\n\(Self.keys)", to: ".aws/credentials")
    let settings = try AWSSettings(environment: ["HOME": folder.path])
    #expect(try fetch(settings).accessKeyID == "AKIDFILE")
  }

  @Test func whatIsMissingIsNamed() throws {
    let none = message { _ = try fetch(try settings()) }
    #expect(none.contains("AWS_ACCESS_KEY_ID") && none.contains(folder("credentials")))
    #expect(none.contains("aws configure"))
    let half = message { _ = try fetch(try settings(["AWS_ACCESS_KEY_ID": "AKIDENV"])) }
    #expect(
      half == "the environment has AWS_ACCESS_KEY_ID but no AWS_SECRET_ACCESS_KEY; "
        + "give both or neither")
    let profile = message { _ = try settings(["AWS_PROFILE": "nobody"]) }
    #expect(profile.contains("no AWS profile 'nobody' (asked for by AWS_PROFILE)"))
    let line = message { _ = try settings(credentials: "[default]\nthis is no key s3cret\n") }
    #expect(line.contains(folder("credentials") + ":2:"))
    #expect(!line.contains("s3cret"))
    let login = message {
      _ = try fetch(
        try settings(["AWS_PROFILE": "s"], config: "[profile s]\nlogin_session = x\n"))
    }
    #expect(login.contains("aws configure export-credentials --profile s"))
  }

  // ---- programs ----

  private func process(_ script: String) throws -> Credentials {
    try folder.write("#!/bin/sh\n\(script)\n", to: "give.sh")
    let command = "sh '\(folder("give.sh"))' 'an argument'"
    return try fetch(
      try settings(config: "[default]\ncredential_process = \(command)\n"))
  }

  @Test func aProgramGivesCredentials() throws {
    let found = try process(
      """
      test "$1" = 'an argument' || exit 9
      echo '{"Version": 1, "AccessKeyId": "AKIDPROC", "SecretAccessKey": "sp",'
      echo '"SessionToken": "tp", "Expiration": "2030-01-02T03:04:05Z"}'
      """)
    #expect(found.accessKeyID == "AKIDPROC")
    #expect(found.secretKey.reveal() == "sp")
    #expect(found.expiration == UnixTime(iso8601: "2030-01-02T03:04:05Z"))
  }

  @Test(arguments: [
    ("exit 3", "exit code 3"), ("echo s3cret", "no JSON"), ("echo '{\"Version\":2}'", "Version"),
    ("echo '{\"Version\":1,\"AccessKeyId\":\"a\"}'", "SecretAccessKey"),
    (
      "echo '{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"s3cret\",\"Expiration\":\"x\"}'",
      "Expiration"
    ),
  ])
  func aProgramThatFailsIsNamed(_ script: String, _ part: String) throws {
    let text = message { _ = try process(script) }
    #expect(text.contains("credential_process of the AWS profile 'default'"))
    #expect(text.contains(part))
    #expect(!text.contains("s3cret"))
  }

  // ---- roles ----

  private static func assumed(_ key: String) -> ScriptedTransport.Step {
    .answer(
      200,
      body: """
        <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>\(key)</AccessKeyId>\
        <SecretAccessKey>rs</SecretAccessKey><SessionToken>rt</SessionToken>\
        <Expiration>2025-06-15T16:00:00Z</Expiration></Credentials></AssumeRoleResult>\
        </AssumeRoleResponse>
        """)
  }

  private static let chain = """
    [profile top]
    role_arn = arn:aws:iam::1:role/top
    source_profile = middle
    external_id = ext
    region = eu-west-1
    [profile middle]
    role_arn = arn:aws:iam::1:role/middle
    source_profile = default
    """

  @Test func rolesAreAssumedInAChain() throws {
    let transport = ScriptedTransport([Self.assumed("AKIDMIDDLE"), Self.assumed("AKIDTOP")])
    let settings = try settings(
      credentials: "[default]\n\(Self.keys)", config: Self.chain, profile: "top")
    let provider = try settings.credentials(transport: transport, timing: clock.timing())
    #expect(transport.requests.isEmpty)
    #expect(try provider.current().accessKeyID == "AKIDTOP")
    let bodies = transport.requests.compactMap { request -> String? in
      guard case .bytes(let bytes) = request.body else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(bodies.count == 2 && bodies[0].contains("role%2Fmiddle"))
    #expect(bodies[1].contains("role%2Ftop") && bodies[1].contains("ExternalId=ext"))
    let signed = transport.requests.map { request in
      request.fields.first { $0.name == "Authorization" }?.value ?? ""
    }
    #expect(signed[0].contains("Credential=AKIDFILE/") && signed[0].contains("/eu-west-1/sts/"))
    #expect(signed[1].contains("Credential=AKIDMIDDLE/"))
    #expect(transport.requests[0].base.description == "https://sts.eu-west-1.amazonaws.com")
  }

  @Test func aRoleMayNameItsOwnProfileAsSource() throws {
    let config = "[profile p]\nrole_arn = r\nsource_profile = p\nregion = eu-west-1\n\(Self.keys)"
    let settings = try settings(config: config, profile: "p")
    #expect(try fetch(settings, [Self.assumed("AKIDROLE")]).accessKeyID == "AKIDROLE")
  }

  @Test func circlesAndRefusalsAreNamed() throws {
    let circle = """
      [profile a]
      role_arn = r
      source_profile = b
      [profile b]
      role_arn = r
      source_profile = a
      """
    let text = message { _ = try fetch(try settings(config: circle, profile: "a")) }
    #expect(text.contains("a -> b -> a"))
    let refused = message {
      _ = try fetch(
        try settings(
          credentials: "[default]\n\(Self.keys)", config: Self.chain, profile: "middle",
          region: "eu-west-1"),
        [
          .answer(
            403, body: "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
        ])
    }
    #expect(refused.contains("'middle' may not assume the role arn:aws:iam::1:role/middle"))
    #expect(refused.contains("AccessDenied"))
  }

  // ---- keeping and refreshing ----

  @Test func credentialsAreFetchedBeforeTheyExpire() throws {
    let source = CountingSource(clock: clock, lifetime: 3600)
    let provider = CredentialProvider(source, now: { [clock] in clock.now })
    for _ in 0..<3 { #expect(try provider.current().accessKeyID == "AKID1") }
    clock.advance(3200)
    #expect(try provider.current().accessKeyID == "AKID1")
    clock.advance(101)
    #expect(try provider.current().accessKeyID == "AKID2")
    #expect(source.fetches == 2)
  }

  @Test func oldOnesServeWhileNoneCanBeFetched() throws {
    let source = CountingSource(clock: clock, lifetime: 3600)
    let provider = CredentialProvider(source, now: { [clock] in clock.now })
    _ = try provider.current()
    source.fail(true)
    clock.advance(3500)
    #expect(try provider.current().accessKeyID == "AKID1")
    clock.advance(101)
    #expect(throws: CredentialError.self) { try provider.current() }
    source.fail(false)
    #expect(try provider.current().accessKeyID == "AKID2")
  }

  @Test func manyThreadsFetchOnce() async throws {
    let source = CountingSource(clock: clock, lifetime: 3600)
    let provider = CredentialProvider(source, now: { [clock] in clock.now })
    try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<50 { group.addTask { try provider.current().accessKeyID } }
      for try await key in group { #expect(key == "AKID1") }
    }
    #expect(source.fetches == 1)
  }

  // ---- settings ----

  @Test func endpointsHaveAnOrder() throws {
    let config = """
      [default]
      endpoint_url = http://profile
      services = local
      [services local]
      s3 =
        endpoint_url = http://service
      """
    func s3(_ environment: [String: String], endpoint: String? = nil) throws -> String? {
      try settings(environment, config: config, endpoint: endpoint).endpoint(of: "s3")?.description
    }
    #expect(try s3([:]) == "http://service")
    #expect(try s3(["AWS_ENDPOINT_URL": "http://all"]) == "http://all")
    let both = ["AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_S3": "http://s3"]
    #expect(try s3(both) == "http://s3")
    #expect(try s3(both, endpoint: "http://given") == "http://given")
    #expect(try settings(both, config: config).endpoint(of: "sts")?.description == "http://all")
    #expect(try settings(config: config).endpoint(of: "sts")?.description == "http://profile")
    #expect(try s3(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) == nil)
    let environment = ["AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://sm"]
    #expect(
      try settings(environment).endpoint(of: "secrets manager")?.description == "http://sm")
    let wrong = message { _ = try s3(["AWS_ENDPOINT_URL": "localhost:5000"]) }
    #expect(wrong.contains("AWS_ENDPOINT_URL of the environment"))
  }

  @Test func regionsHaveAnOrder() throws {
    let config = "[default]\nregion = profile\n"
    #expect(try settings(config: config).region == "profile")
    #expect(try settings(["AWS_DEFAULT_REGION": "d"], config: config).region == "d")
    #expect(try settings(["AWS_REGION": "r", "AWS_DEFAULT_REGION": "d"]).region == "r")
    #expect(try settings(["AWS_REGION": "r"], region: "given").region == "given")
    // The variable of the guide's scripts comes after all that AWS's own tools read.
    #expect(try settings(["REGION_NAME": "g"]).region(for: "s3") == "g")
    #expect(try settings(["REGION_NAME": "g"], config: config).region == "profile")
    #expect(throws: CredentialError.noRegion) { try settings().region(for: "s3") }
    #expect(try settings(endpoint: "http://h").region(for: "s3") == "us-east-1")
    let wrong = message { _ = try settings(["AWS_REGION": "evil.com/"]).region(for: "s3") }
    #expect(wrong.contains("'evil.com/'") && wrong.contains("AWS_REGION"))
  }

  @Test func certificatesHaveAnOrder() throws {
    let config = "[default]\nca_bundle = /profile\n"
    let all = ["SSL_CERT_FILE": "/ssl", "CURL_CA_BUNDLE": "/curl", "AWS_CA_BUNDLE": "/aws"]
    #expect(try settings(all, config: config).certificates == "/aws")
    #expect(try settings(["SSL_CERT_FILE": "/ssl"], config: config).certificates == "/profile")
    #expect(
      try settings(["SSL_CERT_FILE": "/ssl", "CURL_CA_BUNDLE": "/curl"]).certificates == "/ssl")
    let text = message { _ = try settings(["AWS_CA_BUNDLE": "/nonexistent.pem"]).http() }
    #expect(text.contains("/nonexistent.pem") && text.contains("AWS_CA_BUNDLE"))
  }

  // ---- secrecy ----

  @Test func secretsAreNotShown() throws {
    let hidden = HiddenText("s3cret")
    let credentials = Credentials(
      accessKeyID: "AKID", secretKey: hidden, sessionToken: HiddenText("t0ken"))
    var dumped = ""
    dump(credentials, to: &dumped)
    let provider = CredentialProvider(
      FixedCredentials(credentials), now: { UnixTime(seconds: 0) })
    _ = try provider.current()
    dump(provider, to: &dumped)
    for text in [
      dumped, "\(hidden)", "\(credentials)", String(reflecting: credentials),
      String(describing: provider),
    ] {
      #expect(!text.contains("s3cret") && !text.contains("t0ken"))
    }
    #expect(!((hidden as Any) is any Encodable))
  }
}
