// The profiles of AWS's two shared files, as one table.
import CSystem

/// What the shared files hold; a file that is not there is empty.
struct Profiles: Sendable, Hashable {
  let credentials: ProfileFile
  let config: ProfileFile

  /// Reads the files that the environment names, else those in `~/.aws`.
  init(environment: [String: String]) throws(CredentialError) {
    let home = environment["HOME"] ?? ""
    func file(_ variable: String, _ name: String) throws(CredentialError) -> ProfileFile {
      let given = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
      var path = given ?? "~/.aws/\(name)"
      if path.hasPrefix("~/") { path = home + path.dropFirst() }
      return try ProfileFile(path: path, text: Self.read(path))
    }
    credentials = try file("AWS_SHARED_CREDENTIALS_FILE", "credentials")
    config = try file("AWS_CONFIG_FILE", "config")
  }

  var files: [String] { [credentials.path, config.path] }

  func contains(_ name: String) -> Bool {
    credentials.sections[name] != nil || configSection(name) != nil
  }

  /// The keys of a profile in the credentials file.
  func secrets(of name: String) -> [String: String] { credentials.sections[name] ?? [:] }

  /// The keys of a profile in the config file.
  func settings(of name: String) -> [String: String] { configSection(name) ?? [:] }

  /// A key of a profile, from whichever file has it.
  func value(_ key: String, of name: String) -> String? {
    secrets(of: name)[key] ?? settings(of: name)[key]
  }

  /// The `[services x]` that a profile names.
  func services(of name: String) -> [String: String] {
    value("services", of: name).flatMap { config.sections["services \($0)"] } ?? [:]
  }

  private func configSection(_ name: String) -> [String: String]? {
    config.sections["profile \(name)"] ?? (name == "default" ? config.sections["default"] : nil)
  }

  private static func read(_ path: String) throws(CredentialError) -> String {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else {
      // ENOENT and ENOTDIR: there need not be one.
      if [2, 20].contains(cs_errno()) { return "" }
      throw .file(path: path, line: nil, reason: "cannot read it: \(String(cString: cs_error()))")
    }
    defer { cs_close(descriptor) }
    guard let bytes = SmallFile.read(descriptor, limit: 1 << 20) else {
      throw .file(path: path, line: nil, reason: "it cannot be read, or is larger than 1 MiB")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .file(path: path, line: nil, reason: "it is not UTF-8")
    }
    return text
  }
}

/// Reading an open file or pipe to its end.
enum SmallFile {
  /// All bytes; nil on failure or when there are more than `limit`.
  static func read(_ descriptor: Int32, limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = cs_read(descriptor, &block, block.count)
      guard count >= 0, bytes.count + count <= limit else { return nil }
      if count == 0 { return bytes }
      bytes += block[..<count]
    }
  }
}
