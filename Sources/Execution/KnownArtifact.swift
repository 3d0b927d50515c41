// An artifact whose digest is known in this run, and where its bytes lie.
import Content
import FileTools
import LocalStores
import RemoteCache

/// An artifact whose digest is known.
package struct KnownArtifact: Sendable {
  /// Where the bytes lie.
  package enum Location: Sendable {
    /// In the content store.
    case store
    /// On this machine, outside the store, as it was when its digest was taken.
    case external(ExternalContent)
  }

  package let record: OutputRecord
  package let location: Location
  /// The object elsewhere whose bytes these are, where they were not made by a step.
  package let origin: SourceObject?

  package init(record: OutputRecord, location: Location, origin: SourceObject? = nil) {
    self.record = record
    self.location = location
    self.origin = origin
  }
}

/// A file or folder of this machine, with the identities under which its digest was taken.
package struct ExternalContent: Sendable {
  /// The absolute path, links resolved as far as the name itself goes.
  package let path: String
  package let record: OutputRecord
  package let identities: [String: FileIdentity]

  /// Looks at a path; unchanged files are not read again.
  package init(at path: String, isTree: Bool, mediaType: String, store: LocalStore) throws {
    self.path = path
    if isTree {
      let scan = try store.trees.scanTree(path)
      record = scan.record(mediaType: mediaType)
      identities = scan.identities
    } else {
      let found = try store.memo.digest(ofFile: path)
      record = OutputRecord(
        digest: found.digest, size: found.size, mediaType: mediaType, kind: .file)
      identities = ["": found.identity]
    }
  }

  /// Whether the content is no longer what was hashed.
  ///
  /// A touch alone is no move.
  package func hasMoved(store: LocalStore) -> Bool {
    guard
      let now = try? ExternalContent(
        at: path, isTree: record.kind == .tree, mediaType: record.mediaType, store: store)
    else { return true }
    return now.record.digest != record.digest
  }
}
