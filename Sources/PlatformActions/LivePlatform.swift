// The live platform as a run sees it: who makes a step's calls, and whether versions are still there.
import AdobePlatform
import AtelierStep
import Content
import Execution
import QueryService
import Synchronization

/// Adobe Experience Platform behind the steps of a run.
///
/// A client is made when the first call is due: a run of hits needs no credentials.
package struct LivePlatform: StepPlatform {
  private let services: @Sendable () throws -> PlatformServices
  private let intents: String
  private let budget: CallBudget
  private let checked = CheckedVersions()

  /// `services` gives the clients, whose calls end when the run is cancelled, and is asked once;
  /// `intents` is the folder of the records of effects.
  package init(
    intents: String, budget: CallBudget, services: @escaping @Sendable () throws -> PlatformServices
  ) {
    let made = Mutex<PlatformServices?>(nil)
    self.services = {
      try made.withLock { made in
        if let made { return made }
        let new = try services()
        made = new
        return new
      }
    }
    self.intents = intents
    self.budget = budget
  }

  package func caller() throws -> any PlatformCaller {
    LiveCaller(
      services: try services(), intents: intents, budget: budget, checked: checked)
  }

  package func isThere(_ version: [UInt8]) throws -> Bool {
    let version = try DataSetVersion(parsing: version)
    let services = try services()
    guard version.isReachable(by: services.client.settings) else { return false }
    return try services.holds(version)
  }
}

/// The clients of the services that actions use.
package struct PlatformServices: Sendable {
  package let client: PlatformClient
  package let queries: QueryClient
  package let storage: any FlowStorage

  package init(client: PlatformClient, queries: QueryClient, storage: any FlowStorage) {
    self.client = client
    self.queries = queries
    self.storage = storage
  }

  package var catalog: Catalog { Catalog(client) }

  /// Whether every batch of a version is still a success with as many rows.
  func holds(_ version: DataSetVersion) throws -> Bool {
    guard let now = try catalog.version(of: version.dataset) else { return false }
    return Set(version.batches).isSubset(of: now.batches)
  }
}
