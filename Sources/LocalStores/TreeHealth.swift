// The quick check of a tree: one stat a file and one row for them all. It never says that a file is
// bad, only that all are as they were.
import CSystem
import Content
import FileTools
import StoreFolder
import Trees

extension TreeStore {
  /// A digest of the identities of a tree's blobs; nil when one is missing or is no file.
  ///
  /// The manifest is searched, not parsed: in canonical JSON the text that begins an entry cannot
  /// stand inside of a path, whose quotes are escaped.
  package func identities(ofFilesIn record: OutputRecord) throws -> [UInt8]? {
    let manifest: [UInt8]
    do {
      manifest = try blobs.bytes(of: record.digest, atMost: ByteLimit.manifest)
    } catch StoreError.missing, StoreError.tooLarge {
      return nil
    }
    var identities = try TreeIdentities()
    var path = Array((blobs.layout.algorithm + "/ab/").utf8CString)
    let start = path.count - 1
    path += [CChar](repeating: 0, count: 64)
    let opening = TreeManifest.Part.digest
    var position = 1
    while position + opening.count + 64 < manifest.count {
      guard manifest[position] == UInt8(ascii: "{"),
        manifest[position...].starts(with: opening)
      else {
        position += 1
        continue
      }
      position += opening.count
      for index in 0..<64 { path[start + index] = CChar(bitPattern: manifest[position + index]) }
      path[start - 3] = path[start]
      path[start - 2] = path[start + 1]
      var status = cs_stat_t()
      guard cs_stat(path, 0, &status) == 0, UInt8(bitPattern: status.kind) == UInt8(ascii: "f")
      else { return nil }
      identities.add(FileStatus(status).identity)
      position += 64
    }
    return try identities.finish()
  }
}

/// Digests the identities of a tree's blobs in the order of its manifest.
struct TreeIdentities: ~Copyable {
  private let hasher: SHA256
  private var isWhole = true

  init() throws { hasher = try SHA256() }

  /// Adds a blob's identity; nil spoils the whole.
  mutating func add(_ identity: FileIdentity?) {
    guard let identity else {
      isWhole = false
      return
    }
    var fields = (
      identity.device.bigEndian, identity.inode.bigEndian, identity.size.bigEndian,
      identity.mtime.bigEndian, identity.ctime.bigEndian
    )
    withUnsafeBytes(of: &fields) { hasher.update($0) }
  }

  func finish() throws -> [UInt8]? { isWhole ? try hasher.finish().bytes : nil }
}
