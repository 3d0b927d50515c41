// What an integrity check found: the same for a folder and a bucket. It checks nothing itself.
import Content

/// One thing in a store that is not what it should be.
public struct StoreDamage: Hashable, Sendable {
  public enum Kind: String, Sendable {
    /// Bytes that are not those of the digest.
    case blob
    /// A blob that a result needs and that is not there.
    case missing
    /// A result's file.
    case result
    /// A run record.
    case record
    /// A folder of links to a tree's files.
    case tree
    /// The index, or a row of it.
    case index
  }

  public let kind: Kind
  /// A digest, a key or the id of a run.
  public let name: String
  /// What was found and what was done about it, in words.
  public let problem: String

  public init(_ kind: Kind, _ name: String, _ problem: String) {
    self.kind = kind
    self.name = name
    self.problem = problem
  }
}

/// The result of an integrity check.
public struct IntegrityReport: Sendable {
  public var blobs = 0
  /// Bytes that were hashed.
  public var bytes: Int64 = 0
  public var results = 0
  public var records = 0
  public var trees = 0
  public var damages: [StoreDamage] = []
  /// The actions whose results are gone or not whole: they run again when they are needed.
  public var affected: [ActionKey] = []
  /// The actions whose blobs come from the shared store again.
  public var fetched: [ActionKey] = []

  public init() {}
}
