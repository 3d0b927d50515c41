// A store in a folder that many machines see. What its answers mean for a run it does not know.
import CSystem
import Content
import FileTools
import RemoteCache
import StoreFolder

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Blobs, results and run records below `.atelier` of a shared folder.
///
/// Files lie there as in a store of one machine, and nothing else does: no index, no lock of a file.
/// Whoever writes a result writes once, by a link; the first one counts.
package struct FolderStore: RemoteStore {
  let folder: SharedFolder
  var layout: StoreLayout { folder.layout }

  /// The store of a folder, by its absolute path.
  package init(root: String) { folder = SharedFolder(layout: StoreLayout(root: root)) }

  package var name: String { layout.root }

  package var identity: String { "folder \(layout.root)" }

  package var requestsAtOnce: Int { 8 }

  /// Where the logs of steps lie that many machines run.
  package var logs: StoreLayout? { layout }

  package func probe() throws -> RemoteAbilities {
    guard try folder.status(layout.root)?.kind == .folder else {
      throw RemoteFailure(
        .unusable,
        "\(layout.root) is no folder here; expected the folder that all machines share, see [Atelier] "
          + "shared")
    }
    // A folder that cannot be written to says so now, and not after the first step.
    let path = "\(layout.base)/probe/\(RandomName.make())"
    let isNew = try folder.create(path, [])
    let isTaken = try !folder.create(path, [])
    try folder.remove(path)
    guard isNew, isTaken else {
      throw RemoteFailure(
        .unusable,
        "\(layout.root) does not keep two from making one file; expected a file system "
          + "with hard links")
    }
    return RemoteAbilities(createsOnlyOnce: true, replacesOnlyKnown: true, ranges: true)
  }

  // MARK: Blobs

  package func size(of digest: Digest) throws -> Int64? {
    try folder.status(layout.blob(digest))?.identity.size
  }

  package func get(_ blob: SizedDigest, file path: String) throws {
    let source = layout.blob(blob.digest)
    let found = try folder.whenSeen(source) { () -> (digest: Digest, size: Int64)? in
      let descriptor = cs_open_read(source)
      guard descriptor >= 0 else {
        if cs_errno() == ENOENT { return nil }
        throw Disk.failure("open", source)
      }
      defer { cs_close(descriptor) }
      return try copy(descriptor, of: blob, to: path)
    }
    guard let found else { throw RemoteFailure(.missing, "\(name) has no blob \(blob.digest)") }
    guard found == (blob.digest, blob.size) else {
      try? Disk.remove(path)
      throw RemoteFailure(
        .damaged, "\(source) has digest \(found.digest), expected \(blob.digest)")
    }
  }

  /// Copies and hashes what is copied; on failure no file is left.
  private func copy(
    _ source: Int32, of blob: SizedDigest, to path: String
  ) throws -> (digest: Digest, size: Int64) {
    let target = cs_open_write(path, 1, 0o444)
    guard target >= 0 else { throw Disk.failure("make", path) }
    defer { cs_close(target) }
    do {
      return try FileHasher.hash(
        descriptor: source, path: layout.blob(blob.digest), size: blob.size
      ) {
        guard cs_write_all(target, $0.baseAddress, $0.count) == 0 else {
          throw Disk.failure("write", path)
        }
      }
    } catch {
      try? Disk.remove(path)
      throw error
    }
  }

  package func bytes(of blob: SizedDigest) throws -> [UInt8] {
    let path = layout.blob(blob.digest)
    guard let bytes = try folder.awaited(path, limit: ByteLimit.manifest) else {
      throw RemoteFailure(.missing, "\(name) has no blob \(blob.digest)")
    }
    let found = try Digest.of(bytes)
    guard found == blob.digest else {
      throw RemoteFailure(.damaged, "\(path) has digest \(found), expected \(blob.digest)")
    }
    return bytes
  }

  package func put(_ blob: SizedDigest, file path: String) throws {
    try folder.replace(layout.blob(blob.digest), copying: path)
  }

  // MARK: Records

  private func path(_ id: RunID) -> String { "\(layout.runs)/\(id).json" }

  package func add(record: [UInt8], id: RunID) throws { try folder.replace(path(id), with: record) }

  package func records(since moment: Timestamp) throws -> [RunID] {
    try folder.names(in: layout.runs)
      .filter { $0.hasSuffix(".json") && $0 > moment.compact }
      .compactMap { RunID($0.dropLast(5)) }.sorted(by: >)
  }

  package func record(_ id: RunID) throws -> [UInt8]? {
    try folder.awaited(path(id), limit: ByteLimit.record)
  }

  // MARK: Results

  package func lookup(_ key: ActionKey) throws -> ActionResult? {
    try folder.read(layout.action(key), limit: ByteLimit.result)
      .flatMap { ActionResult(fileBytes: $0, key: key) }
  }

  package func add(_ result: ActionResult, abilities: RemoteAbilities) throws -> ResultAddition {
    let path = layout.action(result.key)
    let bytes = try result.fileBytes()
    if try folder.create(path, bytes) { return .added }
    // Another machine was first, also where this one has not seen it yet.
    let there = try folder.awaited(path, limit: ByteLimit.result)
    guard let theirs = there.flatMap({ ActionResult(fileBytes: $0, key: result.key) }) else {
      try folder.replace(path, with: bytes)
      return .added
    }
    return result.outputs == theirs.outputs ? .same : .differs(theirs)
  }

  package func replace(_ result: ActionResult, abilities: RemoteAbilities) throws {
    try folder.replace(layout.action(result.key), with: try result.fileBytes())
  }
}
