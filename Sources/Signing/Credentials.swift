// What a request is signed with.
import HTTP

/// An access key with its secret.
package struct Credentials: Sendable, Hashable {
  /// The key's public name, which every request shows.
  package let accessKeyID: String
  package let secretKey: HiddenText
  /// The token of temporary credentials; nil for an account's own key.
  package let sessionToken: HiddenText?
  /// When they stop being valid; nil: never.
  package let expiration: UnixTime?

  package init(
    accessKeyID: String, secretKey: HiddenText, sessionToken: HiddenText? = nil,
    expiration: UnixTime? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.secretKey = secretKey
    self.sessionToken = sessionToken
    self.expiration = expiration
  }
}
