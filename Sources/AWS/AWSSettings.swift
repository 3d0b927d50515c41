// Region, endpoints, certificates and credentials, out of the environment and the shared files.
import CSystem
import HTTP
import Signing
import Tagging

/// What the user's surroundings say of AWS.
///
/// Values given to `init` win over the environment, and that over the profile. The environment is
/// read from the parameter alone; the files once, by `init`.
package struct AWSSettings: Sendable, Hashable {
  private let environment: [String: String]
  private let profiles: Profiles
  /// The profile's name.
  package let profile: String
  /// Whether our own configuration named the profile: then it wins over keys in the environment.
  private let profileIsGiven: Bool
  private let givenRegion: String?
  private let givenEndpoint: ServiceURL?
  /// The account that the credentials must belong to: its first digits; nil for any.
  private let account: String?
  /// Tags of the sessions of roles that a profile assumes.
  let sessionTags: ResourceTags

  /// Reads the shared files; throws `CredentialError` where one is broken or the profile is absent.
  ///
  /// `profile`, `region`, `endpoint` and `account` are those of our own configuration; empty is as nil.
  /// Of an account's number the last digits may be `*`. `sessionTags` are those of roles that a profile
  /// assumes.
  package init(
    environment: [String: String], profile: String? = nil, region: String? = nil,
    endpoint: String? = nil, account: String? = nil, sessionTags: ResourceTags = .none
  ) throws(CredentialError) {
    self.sessionTags = sessionTags
    self.account = account.flatMap { $0.isEmpty ? nil : $0 }
    self.environment = environment.filter { !$0.value.isEmpty }
    profiles = try Profiles(environment: self.environment)
    let given = profile.flatMap { $0.isEmpty ? nil : $0 }
    let asked = given ?? self.environment["AWS_PROFILE"] ?? self.environment["AWS_DEFAULT_PROFILE"]
    profileIsGiven = given != nil
    self.profile = asked ?? "default"
    if let asked, asked != "default", !profiles.contains(asked) {
      throw .noSuchProfile(
        asked, files: profiles.files, askedBy: given == nil ? "AWS_PROFILE" : "the configuration")
    }
    givenRegion = region.flatMap { $0.isEmpty ? nil : $0 }
    if let endpoint, !endpoint.isEmpty {
      givenEndpoint = try Self.url(endpoint, name: "endpoint_url", place: "the configuration")
    } else {
      givenEndpoint = nil
    }
  }

  /// The region that was asked for, or nil; the last one asked is the variable of the guide's scripts.
  package var region: String? {
    givenRegion ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
      ?? profiles.value("region", of: profile) ?? environment["REGION_NAME"]
  }

  /// The region; a custom endpoint for the service may do without one.
  package func region(for service: String) throws(CredentialError) -> String {
    if let region {
      guard Self.isRegion(region) else {
        throw .badSetting(
          name: "the region '\(region)'", place: "the configuration, AWS_REGION or the profile",
          expected: "name such as eu-west-1")
      }
      return region
    }
    guard try endpoint(of: service) != nil else { throw .noRegion }
    return "us-east-1"
  }

  /// Whether a text has the form of a region's name.
  static func isRegion(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count < 64
      && text.utf8.allSatisfy {
        (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
      }
  }

  /// Whether requests carry checksums where no operation requires them.
  ///
  /// The setting is that of AWS's own tools: `when_supported` (default) or `when_required`.
  package func sendsOptionalChecksums() throws(CredentialError) -> Bool {
    let variable = "AWS_REQUEST_CHECKSUM_CALCULATION"
    let key = "request_checksum_calculation"
    let text = environment[variable] ?? profiles.value(key, of: profile)
    switch text?.lowercased() {
    case nil, "", "when_supported": return true
    case "when_required": return false
    default:
      let isOfProfile = environment[variable] == nil
      throw .badSetting(
        name: isOfProfile ? key : variable,
        place: isOfProfile ? "the AWS profile '\(profile)'" : "the environment",
        expected: "when_supported or when_required")
    }
  }

  /// A file of trusted certificates, or nil for the system's.
  package var certificates: String? {
    environment["AWS_CA_BUNDLE"] ?? profiles.value("ca_bundle", of: profile)
      ?? environment["SSL_CERT_FILE"] ?? environment["CURL_CA_BUNDLE"]
  }

  /// Whether `[profile] s3 = addressing_style = path | virtual` asks for a style; nil: no.
  package var addressingStyle: String? { profiles.value("s3.addressing_style", of: profile) }

  /// The endpoint that someone set for a service; nil: AWS's own.
  ///
  /// The service goes by its id, as variables have it: `s3`, `sts`, `secrets manager`.
  package func endpoint(of service: String) throws(CredentialError) -> ServiceURL? {
    if let givenEndpoint { return givenEndpoint }
    let name = service.uppercased().map { $0 == " " || $0 == "-" ? "_" : String($0) }.joined()
    for variable in ["AWS_ENDPOINT_URL_\(name)", "AWS_ENDPOINT_URL"] {
      if let text = environment[variable] {
        return try Self.url(text, name: variable, place: "the environment")
      }
    }
    guard environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() != "true" else {
      return nil
    }
    let specific = profiles.services(of: profile)["\(name.lowercased()).endpoint_url"]
    guard let text = specific ?? profiles.value("endpoint_url", of: profile) else { return nil }
    return try Self.url(text, name: "endpoint_url", place: "the AWS profile '\(profile)'")
  }

  /// The endpoint that someone set for a service, else AWS's own, whose host begins with `host`.
  package func base(
    of service: String, host: String, _ region: String
  ) throws(CredentialError) -> ServiceURL {
    if let given = try endpoint(of: service) { return given }
    return try standardEndpoint(host, region)
  }

  /// The settings of the transport: those of `base` with the certificates that the user named.
  package func http(_ base: HTTPSettings = HTTPSettings()) throws(CredentialError) -> HTTPSettings {
    var settings = base
    settings.certificates = certificates ?? base.certificates
    if let path = settings.certificates {
      let descriptor = cs_open_read(path)
      guard descriptor >= 0 else {
        throw .file(
          path: path, line: nil,
          reason: "cannot read the certificates: \(String(cString: cs_error())); correct "
            + "AWS_CA_BUNDLE, SSL_CERT_FILE, CURL_CA_BUNDLE or ca_bundle of the profile")
      }
      cs_close(descriptor)
    }
    return settings
  }

  /// A client for a service other than S3.
  ///
  /// `service` is its name in signatures and hosts, `id` that in variables where it differs
  /// (`secretsmanager` and `secrets manager`), `host` the first part of its host where that differs
  /// (`api.sagemaker`).
  package func client(
    _ service: String, id: String? = nil, host: String? = nil, credentials: CredentialProvider,
    transport: any HTTPTransport,
    retries: RetryPolicy = RetryPolicy(), timing: Timing = .system
  ) throws(CredentialError) -> ServiceClient {
    let region = try region(for: id ?? service)
    return ServiceClient(
      signer: Signer(
        region: region, service: service, pathRule: .encodedAgain(normalized: true),
        sendsPayloadHash: false),
      base: try base(of: id ?? service, host: host ?? service, region),
      credentials: credentials, transport: transport, retries: retries, timing: timing)
  }

  /// Credentials of these settings, fetched on first use and again before they expire.
  ///
  /// Where an account is given, STS is asked whose they are, and others are refused.
  /// `transport` serves STS; `metadata`, by default one that waits for a second and no longer, the
  /// services of a container and of the machine.
  package func credentials(
    transport: any HTTPTransport, metadata: (any HTTPTransport)? = nil, timing: Timing = .system
  ) throws(CredentialError) -> CredentialProvider {
    let chain = CredentialChain(
      settings: self, environment: environment, profiles: profiles, transport: transport,
      metadata: metadata ?? CurlTransport(Self.hurried), timing: timing)
    let source = try chain.source(preferringProfile: profileIsGiven)
    guard let account else { return CredentialProvider(source, now: timing.now) }
    let checked = AccountCheck(source: source, account: account) {
      [self] credentials in
      try client(
        "sts", credentials: CredentialProvider(FixedCredentials(credentials), now: timing.now),
        transport: transport, timing: timing)
    }
    return CredentialProvider(checked, now: timing.now)
  }

  /// Credentials of a role that these settings' own credentials assume; fetched on first use.
  ///
  /// STS is told the role in the session's name. The role's account is in its ARN: none other is checked.
  package func credentials(
    assuming role: String, transport: any HTTPTransport, timing: Timing = .system
  ) throws(CredentialError) -> CredentialProvider {
    let source = AssumedRole(
      profile: profile, role: role, sessionName: "atelier-\(timing.now().seconds)", externalID: nil,
      seconds: 3600, tags: .none,
      service: try client(
        "sts", credentials: credentials(transport: transport, timing: timing),
        transport: transport, timing: timing))
    return CredentialProvider(source, now: timing.now)
  }

  /// Whether the shared files have a profile of a name.
  package func hasProfile(_ name: String) -> Bool { profiles.contains(name) }

  /// What answers from the machine itself answers at once.
  private static var hurried: HTTPSettings {
    var settings = HTTPSettings()
    settings.connectTimeoutMilliseconds = 1000
    settings.stallSeconds = 1
    return settings
  }

  /// The partitions whose hosts do not end in `amazonaws.com`, by the start of their regions' names.
  private static let suffixes: [(region: String, host: String)] = [
    ("cn-", "amazonaws.com.cn"), ("eusc-", "amazonaws.eu"), ("us-iso-", "c2s.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov"), ("us-isof-", "csp.hci.ic.gov"), ("eu-isoe-", "cloud.adc-e.uk"),
  ]

  /// Whether an endpoint is one of AWS's own.
  package static func isOwn(_ endpoint: ServiceURL) -> Bool {
    (suffixes.map(\.host) + ["amazonaws.com"]).contains { endpoint.host.hasSuffix("." + $0) }
  }

  /// AWS's own endpoint of a service; refused where the user asks for another kind of it.
  private func standardEndpoint(
    _ service: String, _ region: String
  ) throws(CredentialError) -> ServiceURL {
    let kinds = [
      ("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
      ("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
    ]
    for (variable, key) in kinds {
      let text = environment[variable] ?? profiles.value(key, of: profile)
      guard text?.lowercased() == "true" else { continue }
      throw .unsupportedEndpoint(
        setting: environment[variable] == nil ? "\(key) of the profile '\(profile)'" : variable,
        service: service)
    }
    let suffix = Self.suffixes.first(where: { region.hasPrefix($0.region) })?.host
    return ServiceURL(scheme: "https", host: "\(service).\(region).\(suffix ?? "amazonaws.com")")
  }

  private static func url(
    _ text: String, name: String, place: String
  ) throws(CredentialError) -> ServiceURL {
    guard let url = ServiceURL(text) else {
      throw .badSetting(name: name, place: place, expected: "URL such as http://localhost:5000")
    }
    return url
  }
}
