// The bucket through which data flows of the platform go. It knows no client of S3.
import DataFlows

/// Lists, reads and writes objects that flows write and read, and gives the keys that flows use there.
///
/// All methods may be called from any thread.
package protocol FlowStorage: Sendable {
  /// The keys of the objects below a place, in order.
  func keys(below place: StoragePlace) throws -> [String]

  /// Writes an object's bytes to a path.
  func fetch(_ key: String, of place: StoragePlace, to path: String) throws

  /// Puts a file into the bucket; one that is there is replaced.
  func put(_ path: String, at key: String, of place: StoragePlace) throws

  /// The access keys of the user that the platform acts as.
  func accessKeys() throws -> StorageKeys
}
