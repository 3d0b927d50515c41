// A blob of a layout while it is written: its bytes in a draft, its digest as they come.
import CSystem
import Content
import FileTools

/// A file that gets the name of its bytes once they are all there.
///
/// One thread writes it. A draft that is not finished is removed.
final class BlobDraft {
  private static let blockSize = 1 << 20

  let path: String
  private let descriptor: Int32
  private let hasher: SHA256
  private var block: [UInt8] = []
  private var size: Int64 = 0
  private var isFinished = false

  init(_ path: String) throws {
    self.path = path
    hasher = try SHA256()
    descriptor = cs_open_write(path, 1, 0o644)
    guard descriptor >= 0 else { throw Disk.failure("make", path) }
    block.reserveCapacity(Self.blockSize)
  }

  deinit {
    cs_close(descriptor)
    if !isFinished { _ = cs_unlink(path) }
  }

  func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    if block.count + bytes.count > Self.blockSize { try flush() }
    if bytes.count >= Self.blockSize { return try put(bytes) }
    block.append(contentsOf: bytes)
  }

  /// The digest of all bytes, which are on the device afterwards.
  func finish() throws -> SizedDigest {
    try flush()
    guard cs_fsync(descriptor) == 0 else { throw Disk.failure("flush", path) }
    isFinished = true
    return SizedDigest(digest: try hasher.finish(), size: size)
  }

  private func flush() throws {
    try block.withUnsafeBytes { try put($0) }
    block.removeAll(keepingCapacity: true)
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws {
    guard !bytes.isEmpty else { return }
    hasher.update(bytes)
    size += Int64(bytes.count)
    guard cs_write_all(descriptor, bytes.baseAddress, bytes.count) == 0 else {
      throw Disk.failure("write", path)
    }
  }
}
