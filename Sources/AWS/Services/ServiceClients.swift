// Clients of several services for one user: with one set of credentials, connections and wishes to stop.
import HTTP
import Signing

/// Makes clients that share credentials and connections; nothing is sent.
package struct ServiceClients: Sendable {
  private let settings: AWSSettings
  private let transport: CurlTransport
  private let retries: RetryPolicy
  private let timing: Timing
  private let isCancelled: @Sendable () -> Bool
  /// How all of them connect.
  package let http: HTTPSettings
  /// What all of them sign with.
  package let credentials: CredentialProvider

  /// Throws `CredentialError`; `stallSeconds` are those without a byte after which an answer is given up,
  /// and `credentials` other ones than those of the settings.
  package init(
    _ settings: AWSSettings, stallSeconds: Int = 30, retries: RetryPolicy = RetryPolicy(),
    timing: Timing = .system, credentials: CredentialProvider? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(CredentialError) {
    http = .service(stallSeconds: stallSeconds)
    self.settings = settings
    self.retries = retries
    self.timing = timing
    self.isCancelled = isCancelled
    transport = CurlTransport(try settings.http(http))
    if let credentials {
      self.credentials = credentials
    } else {
      self.credentials = try settings.credentials(transport: transport, timing: timing)
    }
  }

  /// A client of a service: its name in signatures, its name in settings and the first part of its host,
  /// where those are others.
  package func client(
    _ service: String, id: String? = nil, host: String? = nil
  ) throws(CredentialError) -> ServiceClient {
    var client = try settings.client(
      service, id: id, host: host, credentials: credentials, transport: transport,
      retries: retries, timing: timing)
    client.isCancelled = isCancelled
    return client
  }
}
