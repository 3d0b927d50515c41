// The credentials of one process: fetched once for the same settings, whoever asks. It sends nothing.
import AWS
import HTTP
import Synchronization

/// Providers of credentials by the settings they come from; safe to use from any thread.
///
/// A provider fetches anew when its credentials expire. Settings that changed, such as an edited file,
/// get one of their own.
package final class CloudCredentials: Sendable {
  private let known = Mutex<[AWSSettings: CredentialProvider]>([:])

  package init() {}

  /// The provider for some settings.
  package func provider(
    _ settings: AWSSettings, _ http: HTTPSettings
  ) throws -> CredentialProvider {
    try known.withLock { known in
      if let provider = known[settings] { return provider }
      let provider = try settings.credentials(
        transport: CurlTransport(try settings.http(http)))
      // A process that watches for a year sees many files, and needs those of the newest.
      if known.count >= 16 { known = [:] }
      known[settings] = provider
      return provider
    }
  }
}
