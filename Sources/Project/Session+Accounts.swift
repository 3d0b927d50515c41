// The accounts that a session's settings name, and the credentials that reach each. Nothing is sent here.
import AWS
import Accounts
import Atelier
import CommandLine
import HTTP
import PythonLiterals

extension Session {
  /// The sets of accounts; paths of files are relative to the project's root.
  ///
  /// - Throws: `UsageError` where a file cannot be read; what is wrong in it is among the problems.
  package func accounts() throws -> AccountsConfiguration {
    let table = try AccountsTable(reading: configuration)
    let file =
      try table.file.isEmpty
      ? nil : AccountsFile(parsing: accountsBytes("file", table.file), file: table.file)
    let constants =
      try table.constants.isEmpty
      ? nil
      : PythonConstants(
        parsing: accountsBytes("constants", table.constants), file: table.constants)
    return AccountsConfiguration(
      table, file: file, constants: constants, region: try awsSettings().region
    ).namingFolders { AccountPlace.folderName(accountsPath($0), root: projectRoot) }
  }

  /// The file of `[Accounts] people` as typed, and its bytes; nil where none is named.
  package func peopleFile() throws -> (file: String, bytes: [UInt8])? {
    let file = try AccountsTable(reading: configuration).people
    return file.isEmpty ? nil : (file, try accountsBytes("people", file))
  }

  /// The set of a name, else the one that the settings mean; throws all problems where there are any.
  package func accountSet(_ name: String? = nil) throws -> AccountSet { try accounts().set(name) }

  /// How an account of a set is reached.
  package func access(to use: AccountUse, in set: AccountSet) throws -> AccountAccess {
    let aws = try awsSettings()
    return try AccountsTable(reading: configuration).access(
      to: use, in: set, hasProfile: aws.hasProfile)
  }

  /// The folder of a place; nil for an account of AWS.
  package func accountFolder(_ place: AccountPlace) -> String? {
    guard case .folder(let path) = place else { return nil }
    return accountsPath(path)
  }

  /// The settings that reach an account of AWS; the credentials must belong to it.
  ///
  /// Of a folder they are the user's own.
  package func accountSettings(_ use: AccountUse, _ set: AccountSet) throws -> AWSSettings {
    switch try access(to: use, in: set) {
    case .profile(let name): return try settings(profile: name, account: set[use].text, set)
    case .role(_, let hub): return try settings(profile: hub, account: nil, set)
    case .own: return try settings(profile: nil, account: set[use].text, set)
    case .folder: return try awsSettings()
    }
  }

  /// The credentials of an account of AWS, fetched on first use and shared within the process; nil where
  /// those of `accountSettings` serve.
  package func accountCredentials(
    _ use: AccountUse, _ set: AccountSet
  ) throws -> CredentialProvider? {
    guard case .role(let role, _) = try access(to: use, in: set) else { return nil }
    let aws = try accountSettings(use, set)
    return try aws.credentials(
      assuming: role, transport: CurlTransport(aws.http(.service())))
  }

  /// Clients of services in an account of AWS.
  package func accountClients(
    _ use: AccountUse, _ set: AccountSet,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> ServiceClients {
    try ServiceClients(
      accountSettings(use, set), credentials: accountCredentials(use, set),
      isCancelled: isCancelled)
  }

  private func settings(
    profile: String?, account: String?, _ set: AccountSet
  ) throws -> AWSSettings {
    try AWSSettings(
      environment: environmentVariables,
      profile: try profile ?? settings.string("AWS", "profile"), region: set.region,
      endpoint: try settings.string("AWS", "endpoint_url"), account: account,
      sessionTags: try sessionTags())
  }

  private func accountsPath(_ path: String) -> String {
    if path == "~" || path.hasPrefix("~/") {
      return (environmentVariables["HOME"] ?? "") + path.dropFirst()
    }
    return path.hasPrefix("/") ? path : "\(projectRoot)/\(path)"
  }

  private func accountsBytes(_ key: String, _ path: String) throws -> [UInt8] {
    let full = accountsPath(path)
    guard let size = FileSystem.size(full), FileSystem.isFile(full) else {
      throw SettingError(
        "Accounts", key,
        "there is no file '\(path)'; correct the path, which is relative to the "
          + "project")
    }
    guard size <= 1 << 20 else {
      throw SettingError(
        "Accounts", key, "'\(path)' has \(size) bytes; expected a file of at most 1 MiB")
    }
    return try FileSystem.read(full)
  }
}
