// The quick check of a tree: one stat a file and one row for them all. It never says that a file is
// bad, only that all are as they were.
import CSystem
import Content
import FileTools
import StoreFolder
import Trees

extension TreeStore {
  /// Bytes whose hashing nobody notices.
  private static let few: Int64 = 8 << 20
  /// The size of a manifest of about 1,500 files: so many stats take some ms.
  private static let manyFiles: Int64 = 1 << 18

  /// Whether checking an output may take a while: a tree of many files, or many bytes that nobody
  /// vouches for.
  ///
  /// No byte of its files is read to tell.
  package func takesLong(_ record: OutputRecord) throws -> Bool {
    switch record.kind {
    case .file: return try record.size > Self.few && !blobs.isVouched(record.digest)
    case .tree:
      if record.size > Self.manyFiles { return true }
      // Its files may be few and large.
      guard let sound = blobs.index.files(ofTree: record.digest) else { return true }
      return try identities(ofFilesIn: record) != sound
    }
  }

  /// A digest of the identities of a tree's blobs; nil when one is missing or is no file.
  package func identities(ofFilesIn record: OutputRecord) throws -> [UInt8]? {
    guard let digests = try digests(in: record) else { return nil }
    var all = try TreeIdentities()
    return try blobs.eachIdentity(of: digests) { all.add($0) } ? try all.finish() : nil
  }

  /// The identities of a tree's blobs in the order of its manifest; nil when one is missing or is no
  /// file.
  func fileIdentities(in record: OutputRecord) throws -> [FileIdentity]? {
    guard let digests = try digests(in: record) else { return nil }
    var all: [FileIdentity] = []
    all.reserveCapacity(digests.count)
    return try blobs.eachIdentity(of: digests) { all.append($0) } ? all : nil
  }

  /// The digests of a tree's files; nil where its manifest is not here.
  private func digests(in record: OutputRecord) throws -> DigestList? {
    let manifest: [UInt8]
    do {
      manifest = try blobs.bytes(of: record.digest, atMost: ByteLimit.manifest)
    } catch StoreError.missing, StoreError.tooLarge {
      return nil
    }
    return DigestList(manifest)
  }
}

/// The digests that a manifest names, in its order, each entry's own.
///
/// The manifest is searched, not parsed: in canonical JSON the text that begins an entry cannot stand
/// inside of a path, whose quotes are escaped.
struct DigestList: Sendable {
  private let manifest: [UInt8]
  /// Where the hex of each begins.
  private var positions: [Int] = []
  /// Characters of a digest in hex.
  private static let length = 64

  init(_ manifest: [UInt8]) {
    self.manifest = manifest
    let opening = TreeManifest.Part.digest
    var positions: [Int] = []
    positions.reserveCapacity(manifest.count / 128)
    manifest.withUnsafeBytes { bytes in
      var position = 1
      while position + opening.count + Self.length < bytes.count {
        if bytes[position] == opening[0],
          bytes[position..<position + opening.count].elementsEqual(opening)
        {
          positions.append(position + opening.count)
          position += opening.count + Self.length
        } else {
          position += 1
        }
      }
    }
    self.positions = positions
  }

  var count: Int { positions.count }

  /// What lstat says of a blob by its name below `cas/sha256`.
  func status(_ index: Int, in shards: FolderHandle) -> FileStatus? {
    var raw = cs_stat_t()
    let found = manifest.withUnsafeBytes { bytes in
      cs_stat_blob(
        shards.descriptor, bytes.baseAddress.map { $0 + positions[index] }, &raw)
    }
    return found == 0 ? FileStatus(raw) : nil
  }
}

extension ContentStore {
  /// How many identities are in memory at once.
  private static let block = 16_384

  /// Gives the identities of blobs in order, found on all cores; false when one is missing or is no
  /// file.
  func eachIdentity(of digests: DigestList, _ take: (FileIdentity) -> Void) throws -> Bool {
    if digests.count == 0 { return true }
    guard let shards = try? FolderHandle(layout.algorithm) else { return false }
    for start in stride(from: 0, to: digests.count, by: Self.block) {
      // Some hundred at a time: a stat takes no longer than handing it to another thread.
      let count = min(Self.block, digests.count - start)
      let found = try Parallel.map(count, chunk: 1024) { index -> FileIdentity? in
        guard let status = digests.status(start + index, in: shards), status.kind == .file else {
          return nil
        }
        return status.identity
      }
      for identity in found {
        guard let identity else { return false }
        take(identity)
      }
    }
    return true
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

  /// The digest of all at once; nil where one is not known.
  static func digest(_ identities: some Sequence<FileIdentity?>) throws -> [UInt8]? {
    var all = try TreeIdentities()
    for identity in identities { all.add(identity) }
    return try all.finish()
  }

  static func digest(_ identities: [FileIdentity]) throws -> [UInt8]? {
    try digest(identities.lazy.map { Optional($0) })
  }
}
