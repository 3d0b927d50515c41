// Where Query Service listens, who asks, and how the connection is protected. It connects to nothing.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a connection is protected; there is nothing below encryption.
package enum QueryTLS: String, Sendable, Hashable, CaseIterable {
  /// Encrypted, with a trusted certificate that names the host.
  case verifyFull = "verify-full"
  /// Encrypted only: somebody on the way may pose as the server. Only when the settings say so.
  case require
}

/// A database server.
package struct QueryEndpoint: Sendable, Hashable {
  package var host: String
  package var port: UInt16
  package var database: String
  /// The organization.
  package var user: String
  package var tls = QueryTLS.verifyFull
  /// A file of trusted certificates in PEM; nil: the system's.
  package var certificates: String?

  package init(
    host: String, port: UInt16, database: String, user: String, tls: QueryTLS = .verifyFull,
    certificates: String? = nil
  ) {
    self.host = host
    self.port = port
    self.database = database
    self.user = user
    self.tls = tls
    self.certificates = certificates
  }

  /// How messages name it.
  var place: String { "Query Service at \(host):\(port), database \(database)" }

  /// Where systems keep the certificates that they trust.
  private static let bundles = [
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
  ]

  /// The parameters of a connection, all of which could else come from variables and files of libpq.
  ///
  /// Empty texts keep PGHOSTADDR, PGOPTIONS and others away.
  func parameters(password: String, libraryVersion: Int) -> [(String, String)] {
    var parameters = [
      ("host", host), ("hostaddr", ""), ("port", String(port)), ("dbname", database),
      ("user", user), ("password", password), ("sslmode", tls.rawValue),
      ("gssencmode", "disable"), ("options", ""), ("client_encoding", "UTF8"),
      ("application_name", "atelier"), ("fallback_application_name", ""),
      ("target_session_attrs", "any"), ("requirepeer", ""), ("sslcrl", ""), ("sslcrldir", ""),
    ]
    if let certificates = trusted(libraryVersion) {
      parameters.append(("sslrootcert", certificates))
    }
    return parameters
  }

  private func trusted(_ libraryVersion: Int) -> String? {
    if let certificates { return certificates }
    guard tls == .verifyFull else { return nil }
    if let bundle = Self.bundles.first(where: { access($0, R_OK) == 0 }) { return bundle }
    // Without it libpq looks in the user's folder only.
    return libraryVersion >= 160_000 ? "system" : nil
  }
}
