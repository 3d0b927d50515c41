// The names of batches, by which a cluster lists what it has for a store.
import Content
import FolderStores

package enum BatchName {
  /// What the names of all batches of a shared folder begin with.
  package static func prefix(of store: FolderStore) throws -> String {
    "atelier-\(try Digest.of(store.identity).hex.prefix(8))-"
  }
}
