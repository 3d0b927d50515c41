// The way to Adobe's platform: which client the settings give. Nothing is sent here.
import AdobePlatform
import CSystem
import HTTP
import LocalStores
import PlatformSources
import RemoteSources

extension Session {
  /// A client of the platform, which shares its token with all others of this process.
  ///
  /// Throws where a setting is missing or invalid, all of them at once.
  package func platform(_ use: RemoteUse = RemoteUse()) throws -> PlatformClient {
    let settings = try PlatformSettings(configuration, environment: environmentVariables)
    try Self.refuseDebugBuild(settings.endpoint, "reaches the platform")
    var client = try context.observations.client(settings) {
      PlatformClient(settings, retries: use.retries)
    }
    client.retries = use.retries
    client.isCancelled = use.isCancelled
    return client
  }

  /// A way to batches of the platform that a graph names as sources; nothing is sent yet.
  func platformSources(_ local: LocalStore, _ use: RemoteUse) -> any SourceObjects {
    BatchSources(
      local: local, observations: context.observations, connect: { try platform(use) },
      clock: { Double(cs_wall_clock()) / 1e9 })
  }
}
