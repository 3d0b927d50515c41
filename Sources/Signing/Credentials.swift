// What a request is signed with.
import HTTP

/// An access key with its secret.
public struct Credentials: Sendable, Hashable {
  /// The key's public name, which every request shows.
  public let accessKeyID: String
  public let secretKey: HiddenText
  /// The token of temporary credentials; nil for an account's own key.
  public let sessionToken: HiddenText?
  /// When they stop being valid; nil: never.
  public let expiration: UnixTime?

  public init(
    accessKeyID: String, secretKey: HiddenText, sessionToken: HiddenText? = nil,
    expiration: UnixTime? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.secretKey = secretKey
    self.sessionToken = sessionToken
    self.expiration = expiration
  }
}
