// What an integrity check found: the same for a folder and a bucket. It checks nothing itself.
import Content

/// One thing in a store that is not what it should be.
package struct StoreDamage: Hashable, Sendable {
  package enum Kind: String, Sendable {
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

  package let kind: Kind
  /// A digest, a key or the id of a run.
  package let name: String
  /// What was found and what was done about it, in words.
  package let problem: String

  package init(_ kind: Kind, _ name: String, _ problem: String) {
    self.kind = kind
    self.name = name
    self.problem = problem
  }
}

/// The result of an integrity check.
package struct IntegrityReport: Sendable {
  package var blobs = 0
  /// Bytes that were hashed.
  package var bytes: Int64 = 0
  package var results = 0
  package var records = 0
  package var trees = 0
  package var damages: [StoreDamage] = []
  /// Blobs without bytes that nothing needs: a power cut left them of a run that had not ended.
  package var blank = 0
  /// The actions whose results are gone or not whole: they run again when they are needed.
  package var affected: [ActionKey] = []
  /// The actions whose blobs come from the shared store again.
  package var fetched: [ActionKey] = []

  package init() {}
}
