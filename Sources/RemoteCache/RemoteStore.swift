// The joint between a local store and one that many machines share. It knows no protocol.
import Content

/// A blob by name and size.
public struct BlobReference: Hashable, Sendable {
  public let digest: Digest
  /// Bytes.
  public let size: Int64

  public init(digest: Digest, size: Int64) {
    self.digest = digest
    self.size = size
  }
}

/// Why a shared store did not do what was asked, in words for people.
public struct RemoteFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// No other request would fare better now: no answer, an outage, no right to read.
    case unreachable
    /// The settings name something that is not there: nothing heals by waiting.
    case unusable
    /// The blob is not there.
    case missing
    /// Bytes came that are not those of the digest; nothing was kept.
    case damaged
    /// Somebody else wrote there first.
    case taken
    case cancelled
    /// One request was refused; others may succeed.
    case refused
  }

  public let kind: Kind
  public let description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

/// What an endpoint can do beyond reading and writing whole objects.
public struct RemoteAbilities: Hashable, Sendable {
  /// A write that shall not replace an object does not.
  public var createsOnlyOnce: Bool
  /// A write that shall replace one version replaces no other.
  public var replacesOnlyKnown: Bool
  /// A part of an object can be had.
  public var ranges: Bool

  public init(createsOnlyOnce: Bool, replacesOnlyKnown: Bool, ranges: Bool) {
    self.createsOnlyOnce = createsOnlyOnce
    self.replacesOnlyKnown = replacesOnlyKnown
    self.ranges = ranges
  }
}

/// An object of a shared store, as a listing tells of it.
public struct RemoteObject: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case blob(Digest)
    case result(ActionKey)
    case record(RunID)
    case lease
    /// Put aside since its bytes were wrong.
    case quarantined
    /// Left by a look at what the endpoint can do.
    case probe
    case other
  }

  public let kind: Kind
  /// The whole name in the shared store.
  public let name: String
  /// Bytes.
  public let size: Int64
  /// When it was last written; nil where the endpoint does not tell.
  public let written: Timestamp?

  public init(kind: Kind, name: String, size: Int64, written: Timestamp?) {
    self.kind = kind
    self.name = name
    self.size = size
    self.written = written
  }
}

/// Which objects a listing is to give.
public enum RemoteFolder: Sendable { case blobs, results, records, everything }

/// What became of a result that was to be added.
public enum ResultAddition: Hashable, Sendable {
  case added
  /// An equal one was there: the same outputs.
  case same
  /// One with other outputs was there, and stays.
  case differs(ActionResult)
}

/// Keeps blobs, results and run records for many machines.
///
/// All methods may be called from any thread, block, try again by themselves as far as that makes
/// sense, and throw `RemoteFailure`. Objects appear whole or not at all. What `get` and `bytes`
/// give has the digest that was asked for.
public protocol RemoteStore: Sendable {
  /// For people, for example `s3://bucket/prefix`.
  var name: String { get }
  /// Distinct for each place where other objects lie.
  var identity: String { get }

  /// Finds out what the endpoint can do, by a few requests that leave nothing behind.
  func probe() throws -> RemoteAbilities

  /// The result of an action, one request; nil when there is none or it does not fit the key.
  ///
  /// Its blobs are not looked at.
  func lookup(_ key: ActionKey) throws -> ActionResult?

  /// Whether a blob of that size is there: one request, without reading it.
  func contains(_ blob: BlobReference) throws -> Bool

  /// Copies a blob into a new file; on failure no file is left.
  func get(_ blob: BlobReference, file path: String) throws

  /// All bytes of a small blob.
  func bytes(of blob: BlobReference) throws -> [UInt8]

  /// Writes a blob from a file, whatever is there.
  func put(_ blob: BlobReference, file path: String) throws

  /// Adds a result whose blobs are there, unless there is one for its key.
  func add(_ result: ActionResult, abilities: RemoteAbilities) throws -> ResultAddition

  /// Puts a result in the place of one that is not whole.
  func replace(_ result: ActionResult, abilities: RemoteAbilities) throws

  /// Takes or renews the lease of a key, in place of none or of that with a tag, or says who has it.
  func lease(
    _ key: ActionKey, _ wish: RemoteLease, replacing tag: String?
  ) throws -> LeaseAnswer

  /// Lets go of a lease; one that somebody else has taken meanwhile stays.
  func endLease(_ key: ActionKey, tag: String) throws

  /// Writes a run record's bytes.
  func add(record: [UInt8], id: RunID) throws

  /// The names of the run records that are newer than a moment, newest first.
  func records(since moment: Timestamp) throws -> [RunID]

  /// A run record's bytes; nil when there is none.
  func record(_ id: RunID) throws -> [UInt8]?

  /// The objects of a folder, a thousand or so in a request.
  func objects(_ folder: RemoteFolder) throws -> [RemoteObject]

  /// Removes objects; those that are gone are fine.
  func remove(_ objects: [RemoteObject]) throws

  /// Moves an object out of the way, to where nobody takes it for what it was.
  func putAside(_ object: RemoteObject) throws
}
