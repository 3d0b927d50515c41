// Reads and checks the platform's settings, and lists all that is missing at once.
import Configuration
import HTTP

extension PlatformSettings {
  /// Reads `[Platform]` and `[Authentication]`.
  ///
  /// Throws `ConfigurationError`, `.several` where more than one value is missing or invalid.
  package init(_ configuration: Configuration, environment: [String: String]) throws {
    var reader = Reader(configuration)
    let organization = reader.text("Platform", "ims_org_id", Self.isOrganization) {
      "the organisation's id, which ends in @AdobeOrg"
    }
    let sandbox = reader.text("Platform", "sandbox_name", default: "prod", Self.isName) {
      "the name of a sandbox: lower-case letters, digits and hyphens"
    }
    let named = reader.text("Platform", "environment", default: "prod", Self.isName) {
      "prod, or another environment's name in lower-case letters, digits and hyphens"
    }
    let clientID = reader.text("Authentication", "client_id", Self.isToken) {
      "the client id of an OAuth server-to-server credential"
    }
    let secret = reader.secret(environment)
    let scopes = reader.text("Authentication", "scopes", default: "", Self.isPlain) {
      "scopes, separated by commas"
    }
    let version = reader.text(
      "Platform", "ims_version", default: "v3", { TokenVersion(rawValue: $0) != nil }
    ) { "v3, or v2 for an older credential" }
    let endpoint = reader.address(
      "endpoint_url",
      default: named == "prod"
        ? "https://platform.adobe.io" : "https://platform-\(named).adobe.io")
    let tokens = reader.address(
      "ims_url",
      default: named == "prod"
        ? "https://ims-na1.adobelogin.com" : "https://ims-na1-stg1.adobelogin.com")
    let poll = reader.number("poll_seconds", default: 30, in: 0.01...3600)
    let wait = reader.number("wait_minutes", default: 60, in: 0.01...10_080)
    try reader.finish()
    self.init(
      organization: organization, sandbox: sandbox, clientID: clientID, clientSecret: secret,
      scopes: Self.joined(scopes), tokenVersion: TokenVersion(rawValue: version) ?? .v3,
      endpoint: endpoint, tokenEndpoint: tokens, pollSeconds: poll, waitMinutes: wait)
  }

  /// Scopes as the token server takes them, whatever separates them in the file.
  private static func joined(_ scopes: String) -> String {
    scopes.split { $0 == "," || $0.isWhitespace }.joined(separator: ",")
  }

  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { (32..<127).contains($0) || (9...13).contains($0) }
  }

  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 512 && text.utf8.allSatisfy { $0 > 32 && $0 < 127 }
  }

  private static func isOrganization(_ text: String) -> Bool {
    isToken(text) && text.hasSuffix("@AdobeOrg") && text.utf8.count > 9
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 256
      && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }
}

/// Collects what is wrong while values are read, so that it is said once.
private struct Reader {
  private let configuration: Configuration
  private var errors: [ConfigurationError] = []
  private var other: (any Error)?

  init(_ configuration: Configuration) { self.configuration = configuration }

  func finish() throws {
    if let other { throw other }
    if errors.count > 1 { throw ConfigurationError.several(errors) }
    if let error = errors.first { throw error }
  }

  private mutating func reading<Value>(_ fallback: Value, _ body: (Configuration) throws -> Value)
    -> Value
  {
    do {
      return try body(configuration)
    } catch let error as ConfigurationError {
      errors.append(error)
    } catch {
      other = other ?? error
    }
    return fallback
  }

  private static func missing(
    _ section: String, _ key: String, _ configuration: Configuration
  ) -> ConfigurationError {
    .missing(section: section, key: key, file: configuration.document?.file)
  }

  /// An empty value counts as none.
  mutating func text(
    _ section: String, _ key: String, default fallback: String? = nil,
    _ isValid: (String) -> Bool, expected: () -> String
  ) -> String {
    reading("") { configuration in
      let found = try configuration.string(section, key, default: "")
      guard let value = found.isEmpty ? fallback : found else {
        throw Self.missing(section, key, configuration)
      }
      guard value.isEmpty || isValid(value) else {
        throw ConfigurationError.wrongType(
          section: section, key: key, origin: try configuration.origin(section, key),
          found: value, expected: expected())
      }
      return value
    }
  }

  mutating func secret(_ environment: [String: String]) -> Secret {
    reading(Secret("")) { configuration in
      let (section, key) = ("Authentication", "client_secret")
      let set = try configuration.secret(section, key)
      let name = PlatformSettings.secretVariable
      let text = set.map { $0.reveal() }.flatMap { $0.isEmpty ? nil : $0 } ?? environment[name]
      guard let text, !text.isEmpty else { throw Self.missing(section, key, configuration) }
      guard text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }), text.utf8.count <= 4096 else {
        throw ConfigurationError.wrongType(
          section: section, key: key, origin: try configuration.origin(section, key),
          found: "<secret>", expected: "one line of text")
      }
      return Secret(text)
    }
  }

  /// Without TLS only on this machine, since a secret and tokens are sent there.
  mutating func address(_ key: String, default fallback: String) -> ServiceURL {
    let none = ServiceURL(scheme: "https", host: "localhost")
    return reading(none) { configuration in
      let found = try configuration.string("Platform", key, default: "")
      let value = found.isEmpty ? fallback : found
      guard let url = ServiceURL(value), url.scheme == "https" || url.isOnThisMachine else {
        throw ConfigurationError.wrongType(
          section: "Platform", key: key, origin: try configuration.origin("Platform", key),
          found: Secret.withoutQuery(inURL: value),
          expected: "https://host (http only for a server on this machine)")
      }
      return url
    }
  }

  mutating func number(
    _ key: String, default fallback: Double, in range: ClosedRange<Double>
  ) -> Double {
    reading(fallback) { configuration in
      let value = try configuration.double("Platform", key, default: fallback)
      guard range.contains(value) else {
        throw ConfigurationError.wrongType(
          section: "Platform", key: key, origin: try configuration.origin("Platform", key),
          found: "\(value)", expected: "a number from \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
  }
}
