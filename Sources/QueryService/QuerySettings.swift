// The settings of queries, and the address that the platform gives. It opens no session.
import AdobePlatform
import Configuration
import Content
import HTTP

/// How sessions of Query Service are protected and, where not the platform says so, where they go.
package struct QuerySettings: Sendable, Hashable {
  package var tls = QueryTLS.verifyFull
  /// A file of trusted certificates in PEM; nil: the system's.
  package var certificates: String?
  /// `host:port` in place of what the platform names.
  package var address: (host: String, port: UInt16)? {
    get { host.map { ($0, port) } }
    set {
      host = newValue?.host
      port = newValue?.port ?? 80
    }
  }
  private var host: String?
  private var port: UInt16 = 80

  package init() {}

  /// Reads `[Platform] query_tls`, `query_ca` and `query_host`.
  package init(_ configuration: Configuration) throws {
    func wrong(_ key: String, _ found: String, _ expected: String) throws -> ConfigurationError {
      .wrongType(
        section: "Platform", key: key, origin: try configuration.origin("Platform", key),
        found: found, expected: expected)
    }
    let text = try configuration.string("Platform", "query_tls", default: "")
    guard let tls = text.isEmpty ? .verifyFull : QueryTLS(rawValue: text) else {
      throw try wrong(
        "query_tls", text,
        QueryTLS.allCases.map(\.rawValue).joined(separator: ", or without a check of the host: "))
    }
    self.tls = tls
    let file = try configuration.string("Platform", "query_ca", default: "")
    certificates = file.isEmpty ? nil : file
    let place = try configuration.string("Platform", "query_host", default: "")
    guard !place.isEmpty else { return }
    guard let parsed = Self.address(place) else {
      throw try wrong("query_host", place, "host:port, or nothing for what the platform names")
    }
    address = parsed
  }

  private static func address(_ text: String) -> (String, UInt16)? {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
      port > 0, case let host = String(text[..<colon]), QueryEndpoint.isHost(host)
    else { return nil }
    return (host, port)
  }
}

extension QueryEndpoint {
  /// Whether a text is a host's name or address.
  static func isHost(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 255
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
          || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains($0)
      }
  }

  /// What the platform says of its wire: host, port (80 is the real one), database and user.
  package init(_ client: PlatformClient, _ settings: QuerySettings) throws {
    let path = "/data/foundation/query/connection_parameters"
    let answer = try client.get(path)
    func wrong(_ expected: String) -> UnexpectedAnswer {
      UnexpectedAnswer("GET \(path)", expected: expected)
    }
    guard let host = answer["host"]?.string, Self.isHost(host) else { throw wrong("host") }
    guard let port = answer["port"]?.integer(in: 1...65535) else { throw wrong("port") }
    guard let database = answer["dbName"]?.string, Self.isPlain(database) else {
      throw wrong("dbName")
    }
    guard let user = answer["username"]?.string, Self.isPlain(user) else { throw wrong("username") }
    self.init(
      host: settings.address?.host ?? host, port: settings.address?.port ?? UInt16(port),
      database: database, user: user, tls: settings.tls, certificates: settings.certificates)
  }

  private static func isPlain(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 1024 && text.utf8.allSatisfy { $0 > 32 && $0 < 127 }
  }
}

extension QueryClient {
  /// A client whose sessions the platform names, with its token.
  package init(
    _ client: PlatformClient, _ settings: QuerySettings, limits: QueryLimits = QueryLimits()
  ) {
    self.init(
      endpoint: { try QueryEndpoint(client, settings) },
      token: { try client.tokens.current(isCancelled: client.isCancelled).secret }, limits: limits,
      timing: client.timing, isCancelled: client.isCancelled)
  }
}
