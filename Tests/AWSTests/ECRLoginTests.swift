// Credentials and repositories of ECR, against moto.
import AtelierTesting
import HTTP
import ImageRegistry
import Signing
import Testing

@testable import AWS

@Suite(.enabled(if: StandIns.isInstalled, "\(StandIns.absence)")) struct ECRLoginTests {
  private func login() throws -> ECRLogin {
    let settings = try AWSSettings(
      environment: [
        "AWS_ACCESS_KEY_ID": TestKeys.id, "AWS_SECRET_ACCESS_KEY": TestKeys.secret,
        "AWS_ENDPOINT_URL_ECR": LocalServers.motoServer().url,
        "AWS_CONFIG_FILE": "/nonexistent/config",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials",
      ], region: "eu-west-1")
    let transport = CurlTransport()
    return ECRLogin(
      try settings.client(
        "ecr", host: "api.ecr", credentials: settings.credentials(transport: transport),
        transport: transport))
  }

  @Test func aRepositoryIsMadeOnce() throws {
    let login = try login()
    let tags = [(key: "CostCenter", value: "7")]
    #expect(try login.create("team/atelier-once", account: "123456789012", tags: tags))
    #expect(try !login.create("team/atelier-once", account: "123456789012", tags: tags))
  }

  @Test func theTokenIsUserAndPassword() throws {
    let credentials = try login().credentials()
    #expect("\(credentials)".contains("GetAuthorizationToken"))
    #expect("\(credentials)".contains("user: \"AWS\"") && "\(credentials)".contains("<hidden>"))
  }

  @Test func aRefusalNamesTheRight() throws {
    let refusing = ScriptedTransport([
      .answer(400, body: #"{"__type": "AccessDeniedException", "message": "no"}"#)
    ])
    let settings = try AWSSettings(environment: [:], region: "eu-west-1")
    let login = ECRLogin(
      try settings.client(
        "ecr", host: "api.ecr",
        credentials: CredentialProvider(
          FixedCredentials(testCredentials), now: Timing.system.now), transport: refusing))
    let error = #expect(throws: RegistryError.self) { _ = try login.credentials() }
    #expect(error?.description.contains("ecr:GetAuthorizationToken") == true)
    #expect(refusing.requests[0].url == "https://api.ecr.eu-west-1.amazonaws.com/")
  }
}
