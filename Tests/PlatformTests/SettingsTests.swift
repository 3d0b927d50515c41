// Settings of the platform: what is missing is listed at once, what is invalid is named as typed.
import Configuration
import PlatformHarness
import Testing

@testable import AdobePlatform

@Suite struct PlatformSettingsTests {
  private static let whole = [
    "Platform.ims_org_id": "ABC123@AdobeOrg", "Authentication.client_id": "abc",
    "Authentication.client_secret": "hush-hush",
  ]

  private func read(
    _ values: [String: String], environment: [String: String] = [:]
  ) throws -> PlatformSettings {
    try PlatformSettings(
      Configuration(document: nil, overrides: values, environment: [:]), environment: environment)
  }

  private func problem(_ values: [String: String]) -> String {
    do {
      _ = try read(values)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func defaultsAreAdobes() throws {
    let settings = try read(Self.whole)
    #expect("\(settings.endpoint)" == "https://platform.adobe.io")
    #expect("\(settings.tokenEndpoint)" == "https://ims-na1.adobelogin.com")
    #expect(settings.sandbox == "prod" && settings.tokenVersion == .v3)
    #expect(settings.pollSeconds == 30 && settings.waitMinutes == 60)
  }

  @Test func anotherEnvironmentHasItsOwnHosts() throws {
    let settings = try read(Self.whole.merging(["Platform.environment": "stage"]) { $1 })
    #expect(settings.host == "platform-stage.adobe.io")
    #expect("\(settings.tokenEndpoint)" == "https://ims-na1-stg1.adobelogin.com")
  }

  @Test func allThatIsMissingIsSaidAtOnce() {
    let text = problem([:])
    for key in [
      "Platform.ims_org_id", "Authentication.client_id", "Authentication.client_secret",
    ] {
      #expect(text.contains("\(key) is not set"), "\(text)")
    }
  }

  @Test func theSecretMayComeFromTheEnvironment() throws {
    var values = Self.whole
    values["Authentication.client_secret"] = nil
    let settings = try read(values, environment: [PlatformSettings.secretVariable: "from-there"])
    #expect(settings.clientSecret.reveal() == "from-there")
    values["Authentication.client_secret"] = "own"
    #expect(
      try read(values, environment: [PlatformSettings.secretVariable: "from-there"])
        .clientSecret.reveal() == "own")
  }

  @Test(arguments: [
    ("Platform.ims_org_id", "ABC123", "@AdobeOrg"),
    ("Platform.ims_org_id", "A B@AdobeOrg", "A B@AdobeOrg"),
    ("Platform.sandbox_name", "Prod", "lower-case"), ("Platform.sandbox_name", "a/b", "a/b"),
    ("Platform.environment", "x.evil.example/", "environment"),
    ("Platform.endpoint_url", "http://platform.example", "https://"),
    ("Platform.endpoint_url", "https://user:pw@host", "https://"),
    ("Platform.ims_url", "ftp://host", "https://"),
    ("Platform.poll_seconds", "0", "0.01"), ("Platform.poll_seconds", "nan", "0.01"),
    ("Platform.wait_minutes", "-1", "0.01"), ("Platform.wait_minutes", "1e99", "0.01"),
    ("Authentication.client_id", "a b", "client id"),
    ("Platform.ims_version", "v4", "v3"),
  ])
  func whatIsInvalidIsNamed(_ key: String, _ value: String, _ word: String) {
    let text = problem(Self.whole.merging([key: value]) { $1 })
    #expect(text.contains(key) && text.contains(word), "\(text)")
  }

  @Test func noErrorHoldsTheSecret() {
    let text = problem(
      Self.whole.merging([
        "Authentication.client_secret": "hush\nhush", "Platform.ims_org_id": "x",
      ]) { $1 })
    #expect(text.contains("client_secret") && !text.contains("hush"), "\(text)")
  }

  @Test func scopesMayBeSeparatedAsPeopleDo() throws {
    let values = Self.whole.merging(["Authentication.scopes": "openid, AdobeID,\tsession"]) { $1 }
    #expect(try read(values).scopes == "openid,AdobeID,session")
  }

  @Test func nothingShowsTheSecret() throws {
    let settings = try read(Self.whole)
    var text = ""
    dump(settings, to: &text)
    #expect(!text.contains("hush") && !"\(settings)".contains("hush"))
  }
}
