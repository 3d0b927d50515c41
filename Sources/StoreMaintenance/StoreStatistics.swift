// What a store holds, counted. It reads no blob and changes nothing.
import Content
import FileTools
import LocalStores

/// Counts of a store's parts, by names and sizes only.
package struct StoreStatistics: Sendable {
  package var blobs = 0
  /// Of all blobs.
  package var bytes: Int64 = 0
  package var results = 0
  package var runs = 0
  /// Trees that are laid out as folders of links.
  package var treeFolders = 0

  /// Counts what is there; a store that is absent holds nothing.
  package init(_ store: LocalStore) throws {
    for blob in try store.blobs().values {
      blobs += 1
      bytes += blob.size
    }
    results = try store.actions.keys().count
    runs = try store.runs.list().count
    treeFolders = try (Disk.names(in: store.layout.trees) ?? []).count { Digest($0) != nil }
  }
}
