// Why a query gave no rows. It holds no secret.

/// A query that failed, with the server's own words where it gave some.
package struct QueryFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Sendable, Hashable {
    /// libpq is not installed.
    case library
    /// No connection, or one that broke.
    case connection
    /// The certificate, or a server that does not encrypt.
    case tls
    /// The user name or the token was rejected.
    case login
    /// The organization's sessions are all in use.
    case sessionLimit
    /// The query ran longer than allowed here and was canceled.
    case timeout
    /// The caller asked to stop.
    case cancelled
    /// The server rejected the statement or ended it.
    case statement
    /// More rows or bytes than the caller takes.
    case tooLarge
    /// The server sent fewer rows than there are.
    case cut
    /// Other columns than were asked for, or a conversation that makes no sense.
    case unexpected
  }

  package let kind: Kind
  package let message: String
  /// The five characters of the server's SQLSTATE.
  package let state: String?

  package init(_ kind: Kind, _ message: String, state: String? = nil) {
    self.kind = kind
    self.message = message
    self.state = state
  }

  package var description: String {
    state.map { "\(message) (SQLSTATE \($0))" } ?? message
  }

  /// What a server's words about a connection that it ended or never began amount to.
  static func ofConnection(_ text: String, to endpoint: QueryEndpoint) -> QueryFailure {
    let said = text.split(whereSeparator: \.isNewline).map(String.init).joined(separator: "; ")
    let lower = said.lowercased()
    let place = endpoint.place
    if lower.contains("session limit reached") {
      return QueryFailure(
        .sessionLimit,
        "\(place) has no free session: \(said); wait for other queries to end, or close sessions")
    }
    if lower.contains("authentication failed") || lower.contains("invalid token")
      || lower.contains("token is not valid") || lower.contains("28p01") || lower.contains("28000")
    {
      return QueryFailure(
        .login,
        "\(place) rejected the login of \(endpoint.user): \(said); check [Platform] ims_org_id, and "
          + "that the API credential has a role with access to Query Service")
    }
    if ["certificate", "ssl", "tls"].contains(where: { lower.contains($0) }) {
      return QueryFailure(
        .tls,
        "no trusted TLS connection to \(place): \(said); for an authority of your own set [Platform] "
          + "query_ca to its certificate file")
    }
    return QueryFailure(.connection, "no connection to \(place): \(said)")
  }
}
