// What the endpoint of a bucket can do, found out when something is first published there.
import LocalStores
import RemoteCache
import Synchronization

/// Abilities by bucket, probed once for a local store; safe to use from any thread.
final class BucketAbilities: Sendable {
  private let local: LocalStore
  private let clients: BucketClients
  private let known = Mutex<[String: RemoteAbilities]>([:])

  init(local: LocalStore, clients: BucketClients) {
    self.local = local
    self.clients = clients
  }

  /// What the endpoint of a bucket can do; a probe writes below the prefix.
  ///
  /// With `isStore` it is the shared store's own, whose notes serve here, too.
  func find(_ bucket: String, prefix: String, isStore: Bool) throws -> RemoteAbilities {
    try known.withLock { known in
      if let found = known[bucket] { return found }
      let store = BucketStore(client: try clients.client(of: bucket), prefix: prefix)
      let noted = isStore ? store : BucketStore(client: store.client, prefix: "")
      let notes = try RemoteNotes(local, identity: noted.identity)
      if let found = notes.abilities {
        known[bucket] = found
        return found
      }
      let found = try store.probe()
      try notes.remember(found)
      known[bucket] = found
      return found
    }
  }
}
