// Hard links to blobs for steps. Each link moves its blob's ctime, so the memo goes along.
import CSystem
import Content
import FileIndex
import FileTools
import Synchronization

/// Makes and removes hard links of blobs, one blob at a time.
///
/// The bytes of a blob that was known to be sound are so under the identity that it has after the
/// link, as long as nothing but ctime moved. Without this order two steps that link one blob at once
/// would each find an identity that nobody vouches for, and the blob would be read again.
package final class BlobLinks: Sendable {
  private let order = Mutex<Void>(())

  init() {}

  /// Links a blob at a path; false where the file system has no (more) links for it.
  func link(_ digest: Digest, at path: String, _ blobs: ContentStore) throws -> Bool {
    try change(digest, blobs) { Disk.link(hard: path, to: blobs.layout.blob(digest)) }
  }

  /// Removes a link.
  package func unlink(_ digest: Digest, at path: String, _ blobs: ContentStore) throws {
    _ = try change(digest, blobs) { cs_unlink(path) == 0 }
  }

  private func change(
    _ digest: Digest, _ blobs: ContentStore, _ body: () throws -> Bool
  ) throws -> Bool {
    try order.withLock { _ in
      let path = blobs.layout.blob(digest)
      let before = try FileStatus(path, followingLinks: false)?.identity
      guard try body() else { return false }
      guard let before, blobs.index.vouches(for: digest, of: before),
        let after = try FileStatus(path, followingLinks: false)?.identity, after.isLinked(before)
      else { return true }
      blobs.index.remember(MemoRow(identity: after, digest: digest, path: ""), afterSync: true)
      return true
    }
  }
}
