// A file of this machine that a transfer reads or writes by position.
import CSystem
import Content
import HTTP

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An open file, closed with the value.
final class OpenFile: Sendable {
  let path: String
  let descriptor: Int32

  /// Opens a file to read.
  init(reading path: String) throws(FileFailure) {
    self.path = path
    descriptor = cs_open_read(path)
    guard descriptor >= 0 else { throw Self.failure("open", path) }
  }

  /// Makes a file; anything at the path is an error.
  init(making path: String) throws(FileFailure) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure("make", path) }
  }

  deinit { if descriptor >= 0 { cs_close(descriptor) } }

  /// Bytes.
  func size() throws(FileFailure) -> Int64 {
    var status = cs_stat_t()
    guard cs_fstat(descriptor, &status) == 0 else { throw Self.failure("look at", path) }
    return status.size
  }

  /// Gives the bytes of a part of the file in blocks; throws where it ends early.
  func read(
    _ range: Range<Int64>, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(FileFailure) {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
    defer { block.deallocate() }
    var position = range.lowerBound
    while position < range.upperBound {
      let wanted = min(Int(range.upperBound - position), block.count)
      let count = pread(descriptor, block.baseAddress, wanted, off_t(position))
      if count < 0, cs_errno() == EINTR { continue }
      guard count >= 0 else { throw Self.failure("read", path) }
      guard count > 0 else {
        throw FileFailure(
          operation: "read", path: path, reason: "it became shorter; something changed it")
      }
      body(.init(rebasing: block[..<count]))
      position += Int64(count)
    }
  }

  /// The digest of a part of the file.
  func digest(_ range: Range<Int64>) throws -> Digest {
    let hasher = try SHA256()
    try read(range) { hasher.update($0) }
    return try hasher.finish()
  }

  private static func failure(_ operation: String, _ path: String) -> FileFailure {
    FileFailure(operation: operation, path: path, reason: String(cString: cs_error()))
  }
}
