// Clients of AWS's services by a session's settings. Nothing is sent here.
import AWS

extension Session {
  /// Clients of services for the user's own credentials; in another region where one is given.
  package func serviceClients(
    region: String? = nil, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> ServiceClients {
    try ServiceClients(awsSettings(region: region), isCancelled: isCancelled)
  }
}
