// What lies in a shared store, as a listing tells it. It reads no object.
import Content

/// An object of a shared store, as a listing tells of it.
package struct RemoteObject: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case blob(Digest)
    case result(ActionKey)
    case record(RunID)
    case lease
    /// Put aside since its bytes were wrong.
    case quarantined
    /// Between a head and its jobs: an order, an answer, a log, a program.
    case notice
    /// Left by a probe of what the endpoint can do.
    case probe
    case other
  }

  /// The folders of what passes between heads and jobs.
  package static let noticeFolders = [
    "orders", "batches", "answers", "starts", "jobs", "logs", "programs",
  ]

  package let kind: Kind
  /// The whole name in the shared store.
  package let name: String
  /// Bytes.
  package let size: Int64
  /// When it was last written; nil where the endpoint does not tell.
  package let written: Timestamp?

  package init(kind: Kind, name: String, size: Int64, written: Timestamp?) {
    self.kind = kind
    self.name = name
    self.size = size
    self.written = written
  }
}

/// Which objects a listing is to give.
package enum RemoteFolder: Sendable { case blobs, results, records, everything }
