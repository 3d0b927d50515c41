// Credentials of a role in IAM Identity Center, for the token of a login. It opens no browser.
import Content
import HTTP
import Signing

/// Exchanges the token of a login for the credentials of a role, and renews the token where it can.
struct SSOCredentials: CredentialSource {
  /// A token that ends within so many seconds is renewed, as awscli does it.
  private static let window: Int64 = 900

  let profile: String
  /// The name of the section `[sso-session NAME]`; nil for a profile of the older form.
  let session: String?
  let account: String
  let role: String
  let file: SSOTokenFile
  /// The portal, which hands out credentials.
  let portal: ServiceURL
  /// The service that renews tokens.
  let oidc: ServiceURL
  let exchange: UnsignedExchange

  private var now: UnixTime { exchange.timing.now() }

  func fetch(isCancelled: @escaping @Sendable () -> Bool) throws -> Credentials {
    let token = try token(isCancelled)
    let request = HTTPRequest(
      "GET", portal, path: "/federation/credentials",
      query: [QueryItem("account_id", account), QueryItem("role_name", role)],
      fields: [
        HTTPField("Accept", "application/json"),
        HTTPField("x-amz-sso_bearer_token", token.access.reveal()),
      ])
    let bytes: [UInt8]
    do {
      bytes = try exchange.send(request, isCancelled: isCancelled)
    } catch let failure as TransportFailure {
      if failure.kind == .cancelled { throw failure }
      throw refused("\(failure)")
    } catch let fault as ServiceFault {
      if fault.status == 401 || fault.code == "UnauthorizedException" { throw expired }
      throw refused(token.access.hidden(in: "\(fault)"))
    }
    let found = (try? JSONValue(parsing: bytes))?["roleCredentials"]
    guard let key = found?["accessKeyId"]?.string, let secret = found?["secretAccessKey"]?.string,
      let sessionToken = found?["sessionToken"]?.string,
      let milliseconds = found?["expiration"]?.integer
    else { throw refused("\(portal) gave an answer without credentials") }
    return Credentials(
      accessKeyID: key, secretKey: HiddenText(secret), sessionToken: HiddenText(sessionToken),
      expiration: UnixTime(seconds: milliseconds / 1000))
  }

  /// The token of the login, renewed if it ends soon.
  private func token(_ isCancelled: @escaping @Sendable () -> Bool) throws -> SSOToken {
    guard let token = try file.read(now: now) else {
      throw CredentialError.noLogin(profile: profile, session: session, isExpired: false)
    }
    if token.expiration > now + Self.window { return token }
    if let renewal = token.renewal,
      let renewed = try renew(token, renewal, isCancelled)
    {
      return renewed
    }
    // Another process may have renewed it in the meantime, which makes ours of no use.
    if let other = try file.read(now: now), other.expiration > now { return other }
    throw expired
  }

  /// A renewed token, which is written into the file; nil where it cannot be had.
  private func renew(
    _ token: SSOToken, _ renewal: SSOToken.Renewal, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SSOToken? {
    let body: JSONValue = [
      "clientId": .string(renewal.clientID), "grantType": "refresh_token",
      "clientSecret": .string(renewal.clientSecret.reveal()),
      "refreshToken": .string(renewal.refreshToken.reveal()),
    ]
    let request = HTTPRequest(
      "POST", oidc, path: "/token", fields: [HTTPField("Content-Type", "application/json")],
      body: .bytes(try body.canonicalBytes()))
    let answer: JSONValue
    do {
      answer = try JSONValue(parsing: exchange.send(request, isCancelled: isCancelled))
    } catch let failure as TransportFailure where failure.kind == .cancelled {
      throw failure
    } catch {
      return nil
    }
    guard let renewed = token.renewed(by: answer, now: now) else { return nil }
    // The old refresh token may be of no use from now on: then the new one must not be lost.
    guard file.write(renewed) || answer["refreshToken"] == nil else {
      throw CredentialError.file(
        path: file.path, line: nil,
        reason:
          "the login was renewed and cannot be kept; make the file writable, then log in again")
    }
    return renewed
  }

  private var expired: CredentialError {
    .noLogin(profile: profile, session: session, isExpired: true)
  }

  private func refused(_ reason: String) -> CredentialError {
    .singleSignOn(profile: profile, role: role, account: account, reason: reason)
  }
}
