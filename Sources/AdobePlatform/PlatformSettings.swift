// The values that calls to Adobe's platform need, resolved and checked. It sends nothing.
import Configuration
import HTTP

/// Who calls the platform, where it is, and how patiently it is asked.
package struct PlatformSettings: Sendable {
  /// `...@AdobeOrg`.
  package var organization: String
  package var sandbox: String
  package var clientID: String
  package var clientSecret: Secret
  /// Separated by commas, as the token server takes them.
  package var scopes: String
  package var tokenVersion: TokenVersion
  /// Where the services are.
  package var endpoint: ServiceURL
  /// Where tokens come from.
  package var tokenEndpoint: ServiceURL
  /// Seconds between two looks at something that changes there.
  package var pollSeconds: Double
  /// Minutes after which something that does not end is given up.
  package var waitMinutes: Double

  /// The forms of credentials: `v3`, and `v2` for older ones.
  package enum TokenVersion: String, Sendable, CaseIterable { case v2, v3 }

  package init(
    organization: String, sandbox: String, clientID: String, clientSecret: Secret, scopes: String,
    tokenVersion: TokenVersion = .v3, endpoint: ServiceURL, tokenEndpoint: ServiceURL,
    pollSeconds: Double = 30, waitMinutes: Double = 60
  ) {
    self.organization = organization
    self.sandbox = sandbox
    self.clientID = clientID
    self.clientSecret = clientSecret
    self.scopes = scopes
    self.tokenVersion = tokenVersion
    self.endpoint = endpoint
    self.tokenEndpoint = tokenEndpoint
    self.pollSeconds = pollSeconds
    self.waitMinutes = waitMinutes
  }

  /// The variable that may hold the client's secret where no setting does.
  package static let secretVariable = "ADOBE_CLIENT_SECRET"

  /// The host that a version of a data set names: the sandbox of a test has a port, too.
  package var host: String { endpoint.authority }
}
