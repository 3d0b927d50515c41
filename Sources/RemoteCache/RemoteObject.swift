// What lies in a shared store, as a listing tells it. It reads no object.
import Content

/// An object of a shared store, as a listing tells of it.
public struct RemoteObject: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case blob(Digest)
    case result(ActionKey)
    case record(RunID)
    case lease
    /// Put aside since its bytes were wrong.
    case quarantined
    /// Left by a probe of what the endpoint can do.
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
