// Who pushes to a registry: variables of the environment, else the file of docker or podman. It
// writes none.
import Content
import FileTools
import Signing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// User and password for one registry.
package struct RegistryCredentials: Sendable, Hashable {
  let user: String
  let password: HiddenText
  /// Where they were found, for messages.
  let source: String

  package init(user: String, password: HiddenText, source: String) {
    self.user = user
    self.password = password
    self.source = source
  }

  /// The value of the field Authorization.
  var basic: String { "Basic " + Array("\(user):\(password.reveal())".utf8).base64 }

  private static let userVariable = "ATELIER_REGISTRY_USER"
  private static let passwordVariable = "ATELIER_REGISTRY_PASSWORD"

  /// The credentials for a registry; nil where there are none.
  ///
  /// - Throws: `RegistryError.credentials` where some are there and cannot be used.
  package static func find(
    host: String, _ environment: [String: String]
  ) throws(RegistryError) -> RegistryCredentials? {
    switch (environment[userVariable], environment[passwordVariable]) {
    case (let user?, let password?) where !user.isEmpty:
      return RegistryCredentials(
        user: user, password: HiddenText(password),
        source: "\(userVariable) and \(passwordVariable)")
    case (nil, nil), ("", ""): break
    case (nil, _), ("", _):
      throw .credentials("\(passwordVariable) is set and \(userVariable) is not; set both or none")
    default:
      throw .credentials("\(userVariable) is set and \(passwordVariable) is not; set both or none")
    }
    for path in files(environment) {
      if let found = try read(path, host: host) { return found }
    }
    return nil
  }

  /// Podman's file, which a variable names, else docker's.
  private static func files(_ environment: [String: String]) -> [String] {
    let docker = environment["DOCKER_CONFIG"] ?? environment["HOME"].map { "\($0)/.docker" }
    let runtime = environment["XDG_RUNTIME_DIR"].map { "\($0)/containers/auth.json" }
    if let given = environment["REGISTRY_AUTH_FILE"], !given.isEmpty { return [given] }
    return [docker.map { "\($0)/config.json" }, runtime].compactMap(\.self)
  }

  private static func read(
    _ path: String, host: String
  ) throws(RegistryError) -> RegistryCredentials? {
    let bytes: [UInt8]?
    do {
      bytes = try Disk.read(path, atMost: 1 << 20)
    } catch {
      throw .credentials("\(error)")
    }
    return try bytes.flatMap { bytes throws(RegistryError) in
      try credentials(in: bytes, path, host: host)
    }
  }

  /// The credentials for a registry in the bytes of a file; nil where it has none for it.
  static func credentials(
    in bytes: [UInt8], _ path: String, host: String
  ) throws(RegistryError) -> RegistryCredentials? {
    guard let document = try? JSONValue(parsing: bytes) else {
      throw .credentials("\(path) is not JSON; log in again with docker or podman")
    }
    // Docker Hub's entry has the name that its first version had.
    let names =
      [host, "https://\(host)", "https://\(host)/v2/", "https://\(host)/v1/"]
      + (host == "docker.io" ? ["https://index.docker.io/v1/"] : [])
    let entry = names.lazy.compactMap { document["auths"]?[$0] }.first
    if let text = entry?["auth"]?.string, !text.isEmpty {
      guard let data = Data(base64Encoded: text),
        let pair = String(validating: data, as: UTF8.self), let colon = pair.firstIndex(of: ":")
      else {
        throw .credentials(
          "\(path): the entry auths[\"\(host)\"].auth is not user:password in base64; log in again")
      }
      return RegistryCredentials(
        user: String(pair[..<colon]),
        password: HiddenText(String(pair[pair.index(after: colon)...])), source: path)
    }
    let helper = document["credHelpers"]?[host]?.string ?? document["credsStore"]?.string
    if let helper, entry != nil || document["credHelpers"]?[host] != nil {
      throw .credentials(
        "\(path) keeps the credentials for \(host) in the helper '\(helper)', which Atelier does not "
          + "start; set \(userVariable) and \(passwordVariable)")
    }
    return nil
  }
}
