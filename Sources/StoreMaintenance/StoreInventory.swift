// All that a store holds, as values: the same for a folder and a bucket. It reads nothing.
import Content
import RemoteCache
import Trees

/// What was found in a store at one moment.
package struct StoreInventory: Sendable {
  /// A result and what it needs.
  package struct Entry: Sendable {
    package let key: ActionKey
    /// When it was written; nil where nobody tells.
    package let written: Timestamp?
    /// Every blob that it needs, each once, files of trees included.
    package let blobs: [SizedDigest]
    /// The trees among them.
    package let trees: [Digest]
    /// Whether every blob is there with its size.
    package let isWhole: Bool

    package init(
      key: ActionKey, written: Timestamp?, blobs: [SizedDigest], trees: [Digest], isWhole: Bool
    ) {
      self.key = key
      self.written = written
      self.blobs = blobs
      self.trees = trees
      self.isWhole = isWhole
    }
  }

  package struct Blob: Sendable {
    /// Bytes.
    package let size: Int64
    package let written: Timestamp?

    package init(size: Int64, written: Timestamp?) {
      self.size = size
      self.written = written
    }
  }

  package var entries: [Entry] = []
  package var blobs: [Digest: Blob] = [:]
  /// Newest first.
  package var runs: [RunRoots] = []
  /// Records that cannot be read: they stay, and hold nothing.
  package var unreadableRuns = 0

  package init() {}

  /// The entry of a result; nil stands for a result that cannot be read.
  ///
  /// `manifest` gives a tree's entries, or nil where it is not there or no manifest.
  package func entry(
    _ key: ActionKey, _ result: ActionResult?, written: Timestamp?,
    manifest: (OutputRecord) throws -> [TreeEntry]?
  ) rethrows -> Entry {
    guard let result else {
      return Entry(key: key, written: written, blobs: [], trees: [], isWhole: false)
    }
    var needed: [Digest: Int64] = [:]
    var trees: [Digest] = []
    var isWhole = true
    for record in result.outputs.values {
      needed[record.digest] = record.size
      guard record.kind == .tree else { continue }
      trees.append(record.digest)
      guard blobs[record.digest] != nil, let entries = try manifest(record) else {
        isWhole = false
        continue
      }
      for entry in entries { needed[entry.digest] = entry.size }
    }
    isWhole = isWhole && needed.allSatisfy { blobs[$0.key]?.size == $0.value }
    return Entry(
      key: key, written: written,
      blobs: needed.map { SizedDigest(digest: $0.key, size: $0.value) }, trees: trees,
      isWhole: isWhole)
  }
}
