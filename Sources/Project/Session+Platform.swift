// The way to Adobe's platform: which client the settings give. Nothing is sent here.
import AdobePlatform
import CSystem
import FileTools
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
      PlatformClient(settings, transport: try transport(), retries: use.retries)
    }
    client.retries = use.retries
    client.isCancelled = use.isCancelled
    return client
  }

  /// Connections to the platform; ATELIER_RECORD names a folder that keeps each exchange, redacted.
  private func transport() throws -> any HTTPTransport {
    let transport = CurlTransport(.service())
    guard let folder = environmentVariables["ATELIER_RECORD"], !folder.isEmpty else {
      return transport
    }
    let path = FileSystem.absolute(folder)
    try Disk.makeFolders(path)
    return RecordingTransport(transport, folder: path) { bytes, file in
      try Disk.write(bytes, to: file)
    }
  }

  /// A way to batches of the platform that a graph names as sources; nothing is sent yet.
  func platformSources(_ local: LocalStore, _ use: RemoteUse) -> any SourceObjects {
    BatchSources(
      local: local, observations: context.observations, connect: { try platform(use) },
      clock: { Double(cs_wall_clock()) / 1e9 })
  }
}
