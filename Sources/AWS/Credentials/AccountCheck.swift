// Credentials of the account that the user named, and of no other.
import HTTP
import Signing

/// Asks STS whose credentials a source gives, and refuses those of another account.
struct AccountCheck: CredentialSource {
  let source: any CredentialSource
  /// 12 digits, the last of which may be `*`.
  let account: String
  /// STS, signed with the credentials that are asked about.
  let service: @Sendable (Credentials) throws -> ServiceClient

  func fetch(isCancelled: @escaping @Sendable () -> Bool) throws -> Credentials {
    let credentials = try source.fetch(isCancelled: isCancelled)
    var service = try service(credentials)
    service.isCancelled = isCancelled
    let found: String
    do {
      let answer = try service.query("GetCallerIdentity", version: "2011-06-15")
      guard let text = answer.text(of: "Account") else {
        throw CredentialError.unknownAccount(
          account, reason: "\(service.base) gave an answer without account")
      }
      found = text
    } catch let error as CredentialError {
      throw error
    } catch let failure as TransportFailure {
      // The network is at fault, not the credentials.
      throw failure
    } catch {
      throw CredentialError.unknownAccount(account, reason: "\(error) at \(service.base)")
    }
    guard found.hasPrefix(account.prefix { $0 != "*" }), found.utf8.count == account.utf8.count
    else {
      throw CredentialError.wrongAccount(expected: account, found: found)
    }
    return credentials
  }
}
