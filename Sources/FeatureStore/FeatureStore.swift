// The joint between a run and whatever keeps feature groups: a folder, a bucket, or a service.
import Content
import Publishing

/// Keeps feature groups.
///
/// A group only grows: records are added, never changed or removed, and the same batch counts once. It
/// goes as a whole, where somebody deletes it.
/// All methods block and may be called from any thread.
package protocol FeatureStore: Sendable {
  /// Where the groups lie, for people.
  var place: String { get }

  /// Whether groups are plain folders of this machine.
  var isOnThisMachine: Bool { get }

  /// The names of all groups, sorted.
  func groups() throws -> [String]

  /// A group as it is now; nil where there is none of that name.
  func group(_ name: String) throws -> FeatureGroup?

  /// Adds a batch to a group, which the first one makes; nothing happens where the batch is there.
  ///
  /// All of a batch becomes visible at once. Throws `FeatureStoreError` for a batch whose definition
  /// changes more of the group than new features, and for a new group whose name would mean another one
  /// in SQL.
  func ingest(
    _ batch: FeatureBatch, into name: String, by author: Ingestion.Author, at time: Timestamp
  ) throws -> (group: FeatureGroup, isNew: Bool)

  /// What there is of a group, also of a damaged or half-deleted one.
  func inventory(of name: String) throws -> PublishedInventory

  /// Removes a group with all its records.
  ///
  /// A kill on the way leaves what the group was some ingestions ago; the next call goes on.
  func delete(_ name: String) throws

  /// The path of a file of the offline store, a Parquet file on this machine, fetched if need be.
  ///
  /// Throws where the file is lost or is another one.
  func path(of file: FeatureBatch.File, in ingestion: Ingestion, of group: FeatureGroup) throws
    -> String

  /// Keeps a group as it is in the store of this machine, as a tree in the form of `FeatureHistory`.
  func importHistory(of group: FeatureGroup) throws -> OutputRecord
}

/// A feature group, a batch or a file that is not as it should be.
package struct FeatureStoreError: Error, CustomStringConvertible {
  package let description: String
  /// Whether what was kept is lost or is not what was kept.
  package let isDamage: Bool

  package init(_ description: String, isDamage: Bool = false) {
    self.description = description
    self.isDamage = isDamage
  }
}

/// The lock under which one machine changes a group.
package enum FeatureLock {
  /// `place` is that of the store.
  package static func key(of group: String, in place: String) throws -> ActionKey {
    ActionKey(try Digest.of("ingestion:\(place)/\(group)"))
  }
}
