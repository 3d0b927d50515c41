// Whose data on the platform are meant: part of the key of what is made there.

/// An organisation's sandbox.
public struct PlatformPlace: Codable, Sendable, Hashable {
  /// The organisation, such as `0123456789ABCDEF@AdobeOrg`.
  public var organisation: String
  /// The sandbox's name.
  public var sandbox: String
  /// The environment of the platform, `prod` for most.
  public var environment: String

  /// A sandbox of an organisation.
  public init(organisation: String, sandbox: String, environment: String) {
    self.organisation = organisation
    self.sandbox = sandbox
    self.environment = environment
  }
}
