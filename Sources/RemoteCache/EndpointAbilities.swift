// What the endpoint of a shared store can do: probed once for a local store, and said once.
import Synchronization

/// Finds out what an endpoint can do when that is first asked; safe to use from any thread.
final class EndpointAbilities: Sendable {
  private let endpoint: any RemoteEndpoint
  private let notes: RemoteNotes
  private let outage: OutagePolicy
  /// nil: not known yet; held by whoever finds out.
  private let known = Mutex<RemoteAbilities?>(nil)

  init(_ endpoint: any RemoteEndpoint, notes: RemoteNotes, outage: OutagePolicy) {
    self.endpoint = endpoint
    self.notes = notes
    self.outage = outage
  }

  func find() throws -> RemoteAbilities {
    try known.withLock { known in
      let found = try known ?? notes.abilities ?? probe()
      known = found
      return found
    }
  }

  private func probe() throws -> RemoteAbilities {
    let found = try outage.ask { try endpoint.probe() }
    try notes.remember(found)
    var lost: [String] = []
    if !found.createsOnlyOnce {
      lost.append(
        "it writes without conditions, so of two runs that make one result at the same moment the "
          + "later one wins unnoticed")
    }
    if !found.ranges { lost.append("it gives no parts of objects, so large ones come down slower") }
    if !lost.isEmpty { outage.say("\(endpoint.name): " + lost.joined(separator: "; ")) }
    return found
  }
}
