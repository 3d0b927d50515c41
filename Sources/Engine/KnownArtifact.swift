// An artifact whose digest is known in this run, and where its bytes lie.
import Content
import Stores

/// An artifact whose digest is known.
public struct KnownArtifact: Sendable {
  /// Where the bytes lie.
  public enum Place: Sendable {
    /// In the content store.
    case store
    /// On this machine, outside the store, as it was when its digest was taken.
    case external(ExternalContent)
  }

  public let record: OutputRecord
  public let place: Place

  public init(record: OutputRecord, place: Place) {
    self.record = record
    self.place = place
  }
}
