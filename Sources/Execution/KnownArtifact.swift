// An artifact whose digest is known in this run, and where its bytes lie.
import CSystem
import Content
import FileTools
import LocalStores
import RemoteCache
import RemoteSources

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

  /// The path of a file of this machine that has no bytes, which a run refuses as a source.
  package var emptyFile: String? {
    guard case .external(let content) = location, record.kind == .file, record.size == 0 else {
      return nil
    }
    return content.path
  }
}

/// A file or folder of this machine, with the identities under which its digest was taken.
package struct ExternalContent: Sendable {
  /// The absolute path, links resolved as far as the name itself goes.
  package let path: String
  package let record: OutputRecord
  /// Of the file, or of all files and folders of a tree by path.
  package let identities: [String: FileIdentity]
  /// Whether a change since then shows in the identities.
  private let isSettled: Bool

  /// Looks at a path; unchanged files are not read again.
  ///
  /// Waits until changes must show in the times of what was written just now.
  package init(at path: String, isTree: Bool, mediaType: String, store: LocalStore) throws {
    self.path = path
    var rounds = 0
    while true {
      let clock = cs_file_clock()
      let (record, identities) = try Self.look(path, isTree, mediaType, store)
      let settling = identities.values.map { $0.settling(at: clock) }.max() ?? 0
      rounds += 1
      if settling > 0, rounds < 3 {
        Disk.pause(milliseconds: Int(settling / 1_000_000) + 1)
        continue
      }
      self.record = record
      self.identities = identities
      isSettled = settling == 0
      return
    }
  }

  private static func look(
    _ path: String, _ isTree: Bool, _ mediaType: String, _ store: LocalStore
  ) throws -> (OutputRecord, [String: FileIdentity]) {
    if isTree {
      let scan = try store.trees.scanTree(path)
      let folders = scan.folders.map { ($0.key + "/", $0.value) }
      return (
        scan.record(mediaType: mediaType), scan.identities.merging(folders) { file, _ in file }
      )
    }
    let found = try store.memo.digest(ofFile: path)
    let record = OutputRecord(
      digest: found.digest, size: found.size, mediaType: mediaType, kind: .file)
    return (record, ["": found.identity])
  }

  /// Whether the content is no longer what was hashed, or may have been something else meanwhile.
  ///
  /// What was changed and changed back counts, for a step may have read it in between; so does a
  /// touch, which looks the same.
  package func hasMoved(store: LocalStore) -> Bool {
    guard isSettled,
      let (now, identities) = try? Self.look(path, record.kind == .tree, record.mediaType, store)
    else { return true }
    return now.digest != record.digest || identities != self.identities
  }
}
