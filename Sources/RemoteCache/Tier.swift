// The parts of a shared store that transfers work with, and what they find. It does no work itself.
import Content
import LocalStores

/// A local store with a shared one behind it, in parts.
struct Tier: Sendable {
  let local: LocalStore
  let remote: any RemoteStore
  let notes: RemoteNotes
  let outage: OutagePolicy
  let abilities: EndpointAbilities
  let blobs: RemoteBlobs
  let fetcher: BlobFetcher
}

/// Two results of one action that differ: the action is not reproducible.
package struct ResultConflict: Hashable, Sendable {
  /// This machine's, which was put aside.
  package let ours: ActionResult
  /// The one that was there first, which counts.
  package let theirs: ActionResult

  package init(ours: ActionResult, theirs: ActionResult) {
    self.ours = ours
    self.theirs = theirs
  }
}
