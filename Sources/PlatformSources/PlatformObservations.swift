// Which batches data sets have, asked once for all that a process does within some seconds.
import AdobePlatform
import HTTP
import RemoteCache
import Synchronization

/// The batches of a data set that succeeded, as they were a moment ago.
struct Observation: Sendable {
  /// By id.
  let batches: [Batch]
  /// Seconds of the client's clock.
  let seen: Double
}

/// The clients of a process and what they saw; safe to use from any thread.
///
/// Wiring, the check of the inputs and the run itself ask the same within a second.
package final class PlatformObservations: Sendable {
  /// Seconds for which an observation stands for another one.
  static let freshness = 10.0

  private struct Known {
    let client: PlatformClient
    var datasets: [String: Observation] = [:]
    /// By the id of the batch.
    var files: [String: [BatchFile]] = [:]
  }

  /// By all of the settings but the secret, which a changed file changes with the others.
  private let known = Mutex<[String: Known]>([:])

  package init() {}

  /// One client for the same settings, so that they share a token.
  package func client(
    _ settings: PlatformSettings, make: () throws -> PlatformClient
  ) throws -> PlatformClient {
    let name = Self.name(settings)
    return try known.withLock { known in
      if let client = known[name]?.client,
        client.settings.clientSecret.reveal() == settings.clientSecret.reveal()
      {
        return client
      }
      let client = try make()
      // A process that watches for a year sees many files, and needs those of the newest.
      if known.count >= 16 { known = [:] }
      known[name] = Known(client: client)
      return client
    }
  }

  private static func name(_ settings: PlatformSettings) -> String {
    [
      settings.organization, settings.sandbox, settings.clientID, settings.scopes,
      settings.tokenVersion.rawValue, "\(settings.endpoint)", "\(settings.tokenEndpoint)",
      "\(settings.pollSeconds)", "\(settings.waitMinutes)",
    ].joined(separator: "\n")
  }

  /// The batches of a data set; two requests, none where it was observed a moment ago.
  ///
  /// Nil where there is no such data set. Other threads wait for the answer and share it.
  func batches(of dataset: String, _ client: PlatformClient) throws -> [Batch]? {
    let name = Self.name(client.settings)
    return try known.withLock { known in
      let now = client.timing.elapsed()
      if let seen = known[name]?.datasets[dataset],
        (0..<Self.freshness).contains(now - seen.seen)
      {
        return seen.batches
      }
      let catalog = Catalog(client)
      guard try catalog.dataSet(dataset) != nil else { return nil }
      let batches = try catalog.batches(of: dataset, status: "success")
      known[name, default: Known(client: client)].datasets[dataset] = Observation(
        batches: batches, seen: now)
      return batches
    }
  }

  /// The files of a batch as they were told before in this process.
  func files(ofBatch batch: String, _ client: PlatformClient) -> [BatchFile]? {
    known.withLock { $0[Self.name(client.settings)]?.files[batch] }
  }

  /// Keeps what was told of the files of a batch, which never changes.
  func keep(_ files: [BatchFile], ofBatch batch: String, _ client: PlatformClient) {
    known.withLock { known in
      known[Self.name(client.settings), default: Known(client: client)].files[batch] = files
    }
  }
}
