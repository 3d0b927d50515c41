// Why there are no credentials. Texts name the profile, the file and what to do, never a value.

/// Why there are no credentials, or no settings.
package enum CredentialError: Error, Hashable, CustomStringConvertible {
  /// Neither variables nor a profile; the files that were looked at.
  case none(profile: String, files: [String])
  /// One of a pair of variables or keys is missing.
  case incomplete(place: String, has: String, lacks: String)
  case noSuchProfile(String, files: [String], askedBy: String)
  case cycle(profiles: [String])
  case unsupported(profile: String, key: String, advice: String)
  case process(profile: String, reason: String)
  case assumeRole(profile: String, role: String, reason: String)
  /// A service of the container or the machine that gives credentials, by its address.
  case metadata(place: String, reason: String)
  case webIdentity(place: String, role: String, reason: String)
  case file(path: String, line: Int?, reason: String)
  case badSetting(name: String, place: String, expected: String)
  case noRegion
  /// Nobody has logged in to IAM Identity Center, or the login has ended.
  case noLogin(profile: String, session: String?, isExpired: Bool)
  /// IAM Identity Center gives no credentials of a role.
  case singleSignOn(profile: String, role: String, account: String, reason: String)
  /// Credentials of another account than the configuration names.
  case wrongAccount(expected: String, found: String)
  /// STS did not say whose credentials these are.
  case unknownAccount(String, reason: String)
  /// A kind of endpoint that is not known here.
  case unsupportedEndpoint(setting: String, service: String)

  package var description: String {
    switch self {
    case .none(let profile, let files):
      "no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set, nor has the "
        + "profile '\(profile)' any in \(Self.list(files)), nor do a container or this machine give any; set the "
        + "variables, or type: aws configure"
    case .incomplete(let place, let has, let lacks):
      "\(place) has \(has) but no \(lacks); give both or neither"
    case .noSuchProfile(let profile, let files, let askedBy):
      "no AWS profile '\(profile)' (asked for by \(askedBy)) in \(Self.list(files)); add it, or "
        + "name one that is there"
    case .cycle(let profiles):
      "AWS profiles name each other as source_profile in a circle: "
        + profiles.joined(separator: " -> ") + "; give one of them its own keys"
    case .unsupported(let profile, let key, let advice):
      "AWS profile '\(profile)' has \(key), which is not supported here; \(advice)"
    case .process(let profile, let reason):
      "credential_process of the AWS profile '\(profile)' gave no credentials: \(reason)"
    case .assumeRole(let profile, let role, let reason):
      "AWS profile '\(profile)' may not assume the role \(role): \(reason)"
    case .metadata(let place, let reason): "\(place) gave no credentials: \(reason)"
    case .webIdentity(let place, let role, let reason):
      "\(place) may not assume the role \(role) by web identity: \(reason)"
    case .file(let path, let line, let reason):
      "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)"
    case .badSetting(let name, let place, let expected):
      "\(name) of \(place) is no \(expected); correct it or take it out"
    case .noLogin(let profile, let session, let isExpired):
      (isExpired
        ? "the login of the AWS profile '\(profile)' has expired"
        : "nobody has logged in for the AWS profile '\(profile)'")
        + "; type: aws sso login "
        + (session.map { "--sso-session \(Self.word($0))" } ?? "--profile \(Self.word(profile))")
    case .singleSignOn(let profile, let role, let account, let reason):
      "AWS profile '\(profile)': IAM Identity Center gives no credentials of the role \(role) in the "
        + "account \(account): \(reason); correct sso_role_name and sso_account_id, or ask for the role"
    case .noRegion:
      "no AWS region; set [AWS] region in config.ini, AWS_REGION, or region in the AWS profile"
    case .wrongAccount(let expected, let found):
      "[AWS] account is \(expected), and the credentials belong to account \(found); use "
        + "credentials of \(expected), or change the account where `atelier config list "
        + "--show-origin` says that it is set"
    case .unknownAccount(let account, let reason):
      "cannot check that the credentials belong to [AWS] account \(account): \(reason); without "
        + "that setting nothing is checked"
    case .unsupportedEndpoint(let setting, let service):
      "\(setting) is not supported here; give the endpoint itself: AWS_ENDPOINT_URL_"
        + service.uppercased().map { $0 == " " || $0 == "-" || $0 == "." ? "_" : String($0) }
        .joined()
        + "=https://..., and set it to false"
    }
  }

  /// A name as a word of a shell.
  private static func word(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "-_.@/+".utf8.contains(byte)
    }
    return isPlain && !name.isEmpty ? name : "'\(name.replacing("'", with: "'\\''"))'"
  }

  private static func list(_ files: [String]) -> String { files.joined(separator: " or ") }
}
