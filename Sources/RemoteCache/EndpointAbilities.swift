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
    let found: RemoteAbilities
    do {
      found = try outage.ask(.writing) { try endpoint.probe() }
    } catch let failure as RemoteFailure {
      // What takes no object of five bytes takes no other; it is not tried again at each step.
      switch failure.kind {
      case .refused, .damaged, .missing, .taken: outage.stopWriting(failure)
      case .unreachable, .unusable, .credentials, .denied, .cancelled: break
      }
      throw failure
    }
    try notes.remember(found)
    var lost: [String] = []
    if !found.createsOnlyOnce {
      lost.append(
        "it writes without conditions, so of two runs that make one result at the same moment the "
          + "later one wins unnoticed; deliveries and feature groups are claimed by further objects, "
          + "which takes longer")
    }
    if found.createsOnlyOnce, !found.replacesOnlyKnown {
      lost.append(
        "it replaces objects without conditions, so two machines may make the same result")
    }
    if !found.ranges { lost.append("it gives no parts of objects, so large ones come down slower") }
    if !lost.isEmpty { outage.say("\(endpoint.name): " + lost.joined(separator: "; ")) }
    return found
  }
}
