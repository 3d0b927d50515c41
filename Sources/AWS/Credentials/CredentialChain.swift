// Which source of credentials applies: variables, web identity, the profile, the container, the machine.
import HTTP
import Signing

/// Finds the source of credentials; fetches nothing.
struct CredentialChain {
  let settings: AWSSettings
  let environment: [String: String]
  let profiles: Profiles
  let transport: any HTTPTransport
  /// For services of the container and of the machine.
  let metadata: any HTTPTransport
  let timing: Timing

  /// Variables win over a profile that only AWS_PROFILE names, as in awscli.
  func source(preferringProfile: Bool) throws(CredentialError) -> any CredentialSource {
    let profile = settings.profile
    if !preferringProfile {
      if let credentials = try fromVariables() { return FixedCredentials(credentials) }
      let hasRole = profiles.value("role_arn", of: profile) != nil
      if !hasRole, let identity = try webIdentityFromVariables() { return identity }
    }
    if let source = try source(of: profile, above: []) { return source }
    let none = CredentialError.none(profile: profile, files: profiles.files)
    if let container = try container() { return container }
    guard let machine = try machine(otherwise: none) else { throw none }
    return machine
  }

  private func fromVariables() throws(CredentialError) -> Credentials? {
    try Self.credentials(
      environment, ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
      tokens: ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"], place: "the environment")
  }

  /// The source of a profile, nil where it names none; `above` are those that led to it by
  /// `source_profile`.
  private func source(
    of profile: String, above: [String]
  ) throws(CredentialError) -> (any CredentialSource)? {
    // A role may name its own profile as the source: then that one's keys are meant.
    let namesItself = above.last == profile
    if above.contains(profile), !namesItself { throw .cycle(profiles: above + [profile]) }
    if !namesItself, let role = profiles.value("role_arn", of: profile) {
      if let file = profiles.value("web_identity_token_file", of: profile) {
        return try webIdentity(
          role, file: file, session: profiles.value("role_session_name", of: profile),
          place: "AWS profile '\(profile)'")
      }
      return try assumed(role, profile, above)
    }
    if let login = try singleSignOn(profile) { return login }
    if let keys = try keys(profiles.secrets(of: profile), profile, profiles.credentials.path) {
      return FixedCredentials(keys)
    }
    if let command = profiles.value("credential_process", of: profile) {
      return CredentialProcess(profile: profile, command: command, environment: environment)
    }
    if let keys = try keys(profiles.settings(of: profile), profile, profiles.config.path) {
      return FixedCredentials(keys)
    }
    for key in ["sso_session", "sso_start_url"] where profiles.value(key, of: profile) != nil {
      throw .incomplete(
        place: "the AWS profile '\(profile)'", has: key, lacks: "sso_account_id and sso_role_name")
    }
    for key in ["login_session"] where profiles.value(key, of: profile) != nil {
      throw .unsupported(
        profile: profile, key: key,
        advice: "put the output of 'aws configure export-credentials --profile \(profile) --format "
          + "env' into the environment")
    }
    return nil
  }

  /// The login of a profile that names a role of IAM Identity Center; nil for another profile.
  private func singleSignOn(_ profile: String) throws(CredentialError) -> SSOCredentials? {
    let own = ["sso_account_id", "sso_role_name"]
    guard own.contains(where: { profiles.value($0, of: profile) != nil }) else { return nil }
    let place = "the AWS profile '\(profile)'"
    func value(_ key: String, beside other: String) throws(CredentialError) -> String {
      guard let value = profiles.value(key, of: profile), !value.isEmpty else {
        throw .incomplete(place: place, has: other, lacks: key)
      }
      return value
    }
    let account = try value("sso_account_id", beside: "sso_role_name")
    let role = try value("sso_role_name", beside: "sso_account_id")
    let session = profiles.value("sso_session", of: profile)
    var table = [
      "sso_start_url": profiles.value("sso_start_url", of: profile),
      "sso_region": profiles.value("sso_region", of: profile),
    ].compactMapValues(\.self)
    if let session {
      guard let section = profiles.config.sections["sso-session \(session)"] else {
        throw .badSetting(
          name: "sso_session = \(session)", place: place,
          expected: "name of a section [sso-session \(session)] in \(profiles.config.path)")
      }
      for (key, value) in table where section[key] ?? value != value {
        throw .badSetting(
          name: "\(key) = \(value)", place: place,
          expected: "value of [sso-session \(session)], which is \(section[key] ?? "")")
      }
      table.merge(section) { $1 }
    }
    let owner = session.map { "[sso-session \($0)] in \(profiles.config.path)" } ?? place
    guard let start = table["sso_start_url"], !start.isEmpty else {
      throw .incomplete(place: owner, has: "sso_region", lacks: "sso_start_url")
    }
    guard let region = table["sso_region"], AWSSettings.isRegion(region) else {
      throw .incomplete(
        place: owner, has: "sso_start_url", lacks: "sso_region such as eu-west-1")
    }
    let file: SSOTokenFile
    do {
      file = try SSOTokenFile(login: session ?? start, home: environment["HOME"] ?? "")
    } catch {
      throw .singleSignOn(profile: profile, role: role, account: account, reason: "\(error)")
    }
    return SSOCredentials(
      profile: profile, session: session, account: account, role: role, file: file,
      portal: try settings.base(of: "sso", host: "portal.sso", region),
      oidc: try settings.base(of: "sso oidc", host: "oidc", region),
      exchange: UnsignedExchange(transport: transport, timing: timing))
  }

  private func keys(
    _ section: [String: String], _ profile: String, _ path: String
  ) throws(CredentialError) -> Credentials? {
    try Self.credentials(
      section, ["aws_access_key_id", "aws_secret_access_key"],
      tokens: ["aws_session_token", "aws_security_token"],
      place: "the AWS profile '\(profile)' in \(path)")
  }

  /// Keys out of a table: both, or neither; the first of the tokens that is there, the second name
  /// being the older one.
  private static func credentials(
    _ table: [String: String], _ names: [String], tokens: [String], place: String
  ) throws(CredentialError) -> Credentials? {
    func value(_ name: String) -> String? { table[name].flatMap { $0.isEmpty ? nil : $0 } }
    let found = names.map(value)
    switch (found[0], found[1]) {
    case (nil, nil): return nil
    case (let key?, let secret?):
      return Credentials(
        accessKeyID: key, secretKey: HiddenText(secret),
        sessionToken: tokens.lazy.compactMap(value).first.map { HiddenText($0) })
    case (nil, _): throw .incomplete(place: place, has: names[1], lacks: names[0])
    case (_, nil): throw .incomplete(place: place, has: names[0], lacks: names[1])
    }
  }

  private func assumed(
    _ role: String, _ profile: String, _ above: [String]
  ) throws(CredentialError) -> any CredentialSource {
    if profiles.value("mfa_serial", of: profile) != nil {
      throw .unsupported(
        profile: profile, key: "mfa_serial",
        advice: "use credential_process with a program that asks for the code")
    }
    let provider = CredentialProvider(try below(profile, above), now: timing.now)
    let given = profiles.value("duration_seconds", of: profile)
    guard let seconds = Int(given ?? "3600"), (900...43_200).contains(seconds) else {
      throw .badSetting(
        name: "duration_seconds", place: "the AWS profile '\(profile)'",
        expected: "number from 900 to 43200")
    }
    return AssumedRole(
      profile: profile, role: role,
      sessionName: profiles.value("role_session_name", of: profile)
        ?? "atelier-\(timing.now().seconds)",
      externalID: profiles.value("external_id", of: profile), seconds: seconds,
      tags: settings.sessionTags,
      service: try settings.client(
        "sts", credentials: provider, transport: transport, timing: timing))
  }

  /// The source of the credentials that a role is assumed with.
  private func below(
    _ profile: String, _ above: [String]
  ) throws(CredentialError) -> any CredentialSource {
    if let source = profiles.value("source_profile", of: profile) {
      guard profiles.contains(source) else {
        throw .noSuchProfile(
          source, files: profiles.files, askedBy: "source_profile of '\(profile)'")
      }
      guard let found = try self.source(of: source, above: above + [profile]) else {
        throw .none(profile: source, files: profiles.files)
      }
      return found
    }
    let none = CredentialError.unsupported(
      profile: profile, key: "role_arn without source_profile",
      advice: "give it source_profile, web_identity_token_file, or credential_source = "
        + "Environment, EcsContainer or Ec2InstanceMetadata where there are such credentials")
    switch profiles.value("credential_source", of: profile) {
    case "Environment":
      guard let credentials = try fromVariables() else { throw none }
      return FixedCredentials(credentials)
    case "EcsContainer":
      guard let container = try container() else { throw none }
      return container
    case "Ec2InstanceMetadata":
      guard let machine = try machine(otherwise: none) else { throw none }
      return machine
    default: throw none
    }
  }

  // ---- web identity, container, machine ----

  private func webIdentityFromVariables() throws(CredentialError) -> (any CredentialSource)? {
    guard let file = environment["AWS_WEB_IDENTITY_TOKEN_FILE"] else { return nil }
    guard let role = environment["AWS_ROLE_ARN"] else {
      throw .incomplete(
        place: "the environment", has: "AWS_WEB_IDENTITY_TOKEN_FILE", lacks: "AWS_ROLE_ARN")
    }
    return try webIdentity(
      role, file: file, session: environment["AWS_ROLE_SESSION_NAME"],
      place: "the token of AWS_WEB_IDENTITY_TOKEN_FILE")
  }

  private func webIdentity(
    _ role: String, file: String, session: String?, place: String
  ) throws(CredentialError) -> any CredentialSource {
    let base = try settings.base(of: "sts", host: "sts", settings.region(for: "sts"))
    return WebIdentity(
      place: place, role: role, sessionName: session ?? "atelier-\(timing.now().seconds)",
      tokenFile: file,
      base: base, exchange: UnsignedExchange(transport: transport, timing: timing))
  }

  private func container() throws(CredentialError) -> (any CredentialSource)? {
    try ContainerCredentials(
      environment: environment, exchange: UnsignedExchange(transport: metadata, timing: timing))
  }

  private func machine(
    otherwise: CredentialError
  ) throws(CredentialError) -> (any CredentialSource)? {
    try InstanceCredentials(
      environment: environment, otherwise: otherwise,
      exchange: UnsignedExchange(transport: metadata, timing: timing))
  }
}
