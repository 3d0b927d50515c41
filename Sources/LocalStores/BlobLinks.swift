// Hard links to blobs for steps. Each link moves its blob's ctime, so the memo goes along.
import CSystem
import Content
import FileIndex
import FileTools
import Synchronization

/// Makes and removes hard links of blobs, one at a time of each blob.
///
/// The bytes of a blob that was known to be sound are so under the identity that it has after the
/// link, as long as nothing but ctime moved. Without this order two steps that link one blob at once
/// would each find an identity that nobody vouches for, and the blob would be read again.
package final class BlobLinks: Sendable {
  private final class Order: Sendable { let mutex = Mutex<Void>(()) }

  /// Blobs of different first digits do not wait for each other.
  private let orders = (0..<16).map { _ in Order() }

  init() {}

  /// A new link.
  struct Link {
    /// What is at the link's path.
    let status: FileStatus
    /// Whether the memo knows the blob to be sound as it is now.
    let isVouched: Bool
  }

  /// Links a blob at a name in a folder; nil where the file system has no (more) links for it.
  ///
  /// `sound` is an identity that is known to be the sound blob's, if there is one: it saves reading
  /// the memo's row.
  func link(
    _ digest: Digest, at name: String, in folder: FolderHandle, sound: FileIdentity? = nil,
    _ shards: BlobFolder
  ) throws -> Link? {
    try alone(digest) {
      let blob = shards.name(of: digest)
      let before = try shards.handle.status(of: blob)?.identity
      guard
        cs_link_at(shards.handle.descriptor, blob, folder.descriptor, name) == 0,
        let now = try folder.status(of: name)
      else { return nil }
      let isVouched = remember(digest, before, now.identity, sound, shards.blobs)
      return Link(status: now, isVouched: isVouched)
    }
  }

  /// Removes a link.
  package func unlink(_ digest: Digest, at path: String, _ blobs: ContentStore) throws {
    try alone(digest) {
      let blob = blobs.layout.blob(digest)
      let before = try FileStatus(blob, followingLinks: false)?.identity
      guard cs_unlink(path) == 0, let now = try FileStatus(blob, followingLinks: false)?.identity
      else { return }
      _ = remember(digest, before, now, nil, blobs)
    }
  }

  private func alone<Answer>(_ digest: Digest, _ body: () throws -> Answer) rethrows -> Answer {
    try orders[Int(digest.bytes[0] >> 4)].mutex.withLock { _ in try body() }
  }

  /// Whether the blob is known to be sound as it is now, having been so before.
  private func remember(
    _ digest: Digest, _ before: FileIdentity?, _ now: FileIdentity, _ sound: FileIdentity?,
    _ blobs: ContentStore
  ) -> Bool {
    guard let before, now.isLinked(before),
      before == sound || blobs.index.vouches(for: digest, of: before)
    else { return false }
    blobs.index.remember(
      MemoRow(identity: now, digest: digest, path: ""), movedFrom: before)
    return true
  }
}

/// The folder of a store's blobs, open for work on many of them.
struct BlobFolder: Sendable {
  let blobs: ContentStore
  let handle: FolderHandle

  init(_ blobs: ContentStore) throws {
    self.blobs = blobs
    handle = try FolderHandle(blobs.layout.algorithm)
  }

  /// A blob's name in the folder.
  func name(of digest: Digest) -> String {
    let hex = digest.hex
    return hex.prefix(2) + "/" + hex
  }
}
