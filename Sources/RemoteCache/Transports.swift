// The joints between a local store and one that many machines share. They know no protocol of a network.
//
// All methods may be called from any thread, block, try again by themselves as far as that makes
// sense, and throw `RemoteFailure`. Objects appear whole or not at all.
import Content
import StoreFolder

/// What an endpoint can do beyond reading and writing whole objects.
package struct RemoteAbilities: Hashable, Sendable {
  /// A write that shall not replace an object does not.
  package var createsOnlyOnce: Bool
  /// A write that shall replace one version replaces no other.
  package var replacesOnlyKnown: Bool
  /// It compares versions only where their tags are sent in the endpoint's other spelling.
  package var comparesBareTags: Bool
  /// A part of an object can be had.
  package var ranges: Bool

  package init(
    createsOnlyOnce: Bool, replacesOnlyKnown: Bool, comparesBareTags: Bool = false, ranges: Bool
  ) {
    self.createsOnlyOnce = createsOnlyOnce
    self.replacesOnlyKnown = replacesOnlyKnown
    self.comparesBareTags = comparesBareTags
    self.ranges = ranges
  }

  /// Whether a lease can be taken, renewed and taken over without a moment for two to have it.
  package var allowsLeases: Bool { createsOnlyOnce && replacesOnlyKnown }
}

/// Names a shared store and finds out what its endpoint can do.
package protocol RemoteEndpoint: Sendable {
  /// For people, for example `s3://bucket/prefix`.
  var name: String { get }
  /// Distinct for each shared store: other objects, other identity.
  var identity: String { get }
  /// How many requests are worth having under way at a time.
  ///
  /// Each takes the way there and back: over 30 ms, 64 requests at a time are 2,000 a second and 8 are 250.
  /// Where the store is a folder, more than a few only queue for its locks.
  var requestsAtOnce: Int { get }

  /// Finds out what the endpoint can do, by a few requests that leave nothing behind.
  func probe() throws -> RemoteAbilities
}

/// Carries blobs; what it gives has the digest that was asked for.
package protocol BlobTransport: Sendable {
  /// The size of a blob, one request without reading it; nil where there is none.
  func size(of digest: Digest) throws -> Int64?

  /// Copies a blob into a new file; on failure no file is left.
  func get(_ blob: SizedDigest, file path: String) throws

  /// All bytes of a small blob.
  func bytes(of blob: SizedDigest) throws -> [UInt8]

  /// Writes a blob from a file, whatever is there.
  func put(_ blob: SizedDigest, file path: String) throws
}

/// What became of a result that was to be added.
package enum ResultAddition: Hashable, Sendable {
  case added
  /// An equal one was there: the same outputs.
  case same
  /// One with other outputs was there, and stays.
  case differs(ActionResult)
}

/// Carries results of actions; it reads none of their blobs.
package protocol ResultTransport: Sendable {
  /// The result of an action, one request; nil when there is none or it does not fit the key.
  func lookup(_ key: ActionKey) throws -> ActionResult?

  /// Adds a result whose blobs are there, unless there is one for its key.
  func add(_ result: ActionResult, abilities: RemoteAbilities) throws -> ResultAddition

  /// Writes a result in place of one that is not whole.
  func replace(_ result: ActionResult, abilities: RemoteAbilities) throws
}

/// Carries run records.
package protocol RecordTransport: Sendable {
  /// Writes a run record's bytes.
  func add(record: [UInt8], id: RunID) throws

  /// The names of the run records that are newer than a moment, newest first.
  func records(since moment: Timestamp) throws -> [RunID]

  /// A run record's bytes; nil when there is none.
  func record(_ id: RunID) throws -> [UInt8]?
}

/// Tells machines who is at work on what: advice, whose loss costs nothing but double work.
package protocol LeaseTransport: Sendable {
  /// Takes or renews the lease of a key, in place of none or of that with a tag, or says who has it.
  func lease(
    _ key: ActionKey, _ wish: RemoteLease, replacing tag: String?, abilities: RemoteAbilities
  ) throws -> LeaseAnswer

  /// Ends a lease, also when the run was cancelled; one that somebody else has taken meanwhile stays.
  func endLease(_ key: ActionKey, tag: String, abilities: RemoteAbilities) throws
}

/// Lists and removes objects, for garbage collection, checks and transfers of many.
package protocol StoreAdministration: Sendable {
  /// The objects of a folder, a thousand or so in a request.
  func objects(_ folder: RemoteFolder) throws -> [RemoteObject]

  /// Removes objects; those that are gone are fine.
  func remove(_ objects: [RemoteObject]) throws

  /// Moves an object to where nobody takes it for what it was.
  func moveToQuarantine(_ object: RemoteObject) throws
}

/// Carries small files between a head and its jobs: orders, batches, answers.
///
/// A name is asked for only once it is known to be there, as by a listing.
package protocol NoticeTransport: Sendable {
  /// Writes a notice, whole, whatever is there.
  func write(_ bytes: [UInt8], notice name: String) throws

  /// The bytes of a notice; nil where there is none.
  func notice(_ name: String) throws -> [UInt8]?

  /// The names of the notices in a folder, sorted.
  func notices(in parent: String) throws -> [String]

  /// Removes a notice; one that is gone is fine.
  func remove(notice name: String) throws
}

/// A shared store through which a head and the jobs of a cluster talk.
package protocol JobStore: RemoteStore, NoticeTransport {
  /// The lease of a key as it is now, by which a head hears of the work on it; nil where there is none.
  func sign(of key: ActionKey) throws -> RemoteLease?

  /// Where jobs write the logs of steps; nil where no machine sees a folder of the store.
  var logs: StoreLayout? { get }

  /// Brings a program to where jobs find it, and gives what they start there.
  func install(program: String) throws -> String

  /// Where a notice lies, or a folder of them, as jobs find it.
  func path(_ name: String) -> String
}

/// A shared store with all its parts.
package typealias RemoteStore = RemoteEndpoint & BlobTransport & ResultTransport & RecordTransport
  & LeaseTransport & StoreAdministration
