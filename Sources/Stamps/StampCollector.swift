// Gathers the stamps of what a walk has read. One that cannot be vouched for makes them incomplete.
import CSystem
import Content
import FileTools
import LocalStores

/// Collects the identities of files that a walk has read.
///
/// A witness counts only where a change from now on must show: its times lie clearly before the
/// moment at which collecting began. Of a blob or a file with a known digest the stat memo must hold
/// that very identity. Where neither holds nothing is remembered, and the next walk reads again.
package struct StampCollector {
  private let store: LocalStore
  private let clock: Int64
  private var seen: Set<Digest> = []
  private var stamps = FileStamps()
  private var isIncomplete = false

  package init(_ store: LocalStore) {
    self.store = store
    clock = cs_file_clock()
    add(path: store.layout.versionFile)  // a store of another layout is another store
  }

  /// The stamps; nil where something could not be vouched for.
  package var result: FileStamps? { isIncomplete ? nil : stamps }

  /// Adds all blobs of an output.
  package mutating func add(blobsOf record: OutputRecord) throws {
    try add(blob: record.digest)
    guard record.kind == .tree, !isIncomplete else { return }
    for entry in try store.trees.manifest(of: record).entries { try add(blob: entry.digest) }
  }

  private mutating func add(blob digest: Digest) throws {
    guard !isIncomplete, seen.insert(digest).inserted else { return }
    guard seen.count <= FileStamps.mostBlobs, let identity = try vouched(digest) else {
      isIncomplete = true
      return
    }
    stamps.add(blob: digest, identity)
  }

  /// The identity of a blob that is known to be sound.
  ///
  /// The memo may know a tree's blob by the tree only: then it is read once more.
  private func vouched(_ digest: Digest) throws -> FileIdentity? {
    for isLast in [false, true] {
      guard
        let status = try FileStatus(store.layout.blob(digest), followingLinks: false),
        status.kind == .file, status.identity.isSettled(at: clock)
      else { return nil }
      let identity = status.identity
      if store.memo.vouches(for: digest, of: identity) { return identity }
      if !isLast { _ = try store.objects.health(of: digest, size: nil) }
    }
    return nil
  }

  /// Adds a file outside of the store that was read under a digest.
  package mutating func add(path: String, digest: Digest) {
    guard let identity = add(path: path), store.memo.vouches(for: digest, of: identity) else {
      isIncomplete = true
      return
    }
  }

  /// Adds a folder with all that is in it; the caller reads its contents once more afterwards.
  package mutating func add(everythingIn folder: String) throws {
    add(path: folder)
    for name in try Disk.names(in: folder) ?? [] {
      let path = folder + "/" + name
      switch try FileStatus(path, followingLinks: false)?.kind {
      case .folder: try add(everythingIn: path)
      case .file: add(path: path)
      default: isIncomplete = true
      }
    }
  }

  /// Adds a file or a folder as it is; the caller reads its contents once more afterwards.
  @discardableResult
  package mutating func add(path: String) -> FileIdentity? {
    guard !isIncomplete, let status = try? FileStatus(path, followingLinks: true),
      status.kind == .file || status.kind == .folder, status.identity.isSettled(at: clock),
      FileGrain.timesProve(path, device: status.identity.device)
    else {
      isIncomplete = true
      return nil
    }
    stamps.add(
      .init(path: path, isFolder: status.kind == .folder, identity: status.identity))
    return status.identity
  }
}
