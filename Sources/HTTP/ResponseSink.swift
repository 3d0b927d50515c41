// Where the body of a successful answer goes. A sink serves one attempt and belongs to one thread.
import CSystem
import Content

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Takes the body of an answer whose status is of the 200s.
///
/// Whatever it throws ends the exchange and reaches the caller as it is.
package protocol ResponseSink: AnyObject {
  /// Called once before any bytes.
  func begin(_ head: HTTPHead) throws
  func take(_ bytes: UnsafeRawBufferPointer) throws
  /// Called once when the answer is complete.
  func finish() throws
}

/// The body would not fit where it was to go.
package struct BodyTooLarge: Error, CustomStringConvertible {
  package let limit: Int64
  package var description: String { "the answer is larger than the \(limit) bytes expected of it" }
}

/// Collects a body in memory, up to a limit.
package final class MemorySink: ResponseSink {
  package private(set) var bytes: [UInt8] = []
  private let limit: Int

  package init(limit: Int) { self.limit = limit }

  package func begin(_ head: HTTPHead) throws {}
  package func take(_ new: UnsafeRawBufferPointer) throws {
    guard bytes.count + new.count <= limit else { throw BodyTooLarge(limit: Int64(limit)) }
    bytes.append(contentsOf: new)
  }
  package func finish() throws {}
}

/// Writes a body into an open file from a position on, hashing it on the way if so asked.
///
/// libcurl gives at most 16 KiB at a time. They are gathered, since a write costs a file system
/// more than its bytes do: in large ones the same file takes two thirds of the time in the kernel.
package final class FileSink: ResponseSink {
  private static let blockSize = 1 << 20
  /// A body of so many bytes is hashed beside this thread.
  private static let largeSize = 8 << 20

  private let descriptor: Int32
  private let path: String
  private let offset: Int64
  private let limit: Int64
  private let isHashing: Bool
  /// Hashes small bodies here, large ones on another thread.
  private var hasher: SHA256?
  private var blockHasher: BlockHasher?
  private let check: (HTTPHead) throws -> Void
  package private(set) var head = HTTPHead(status: 0)
  /// How many bytes came; those before `flush` that are not in the file yet are counted, too.
  package private(set) var count: Int64 = 0
  private var block: [UInt8] = []
  package private(set) var digest: Digest?

  /// `check` reads the head and may refuse it.
  package init(
    descriptor: Int32, path: String, offset: Int64, limit: Int64 = .max, hashing: Bool,
    check: @escaping (HTTPHead) throws -> Void = { _ in }
  ) throws {
    self.descriptor = descriptor
    self.path = path
    self.offset = offset
    self.limit = limit
    self.check = check
    isHashing = hashing
  }

  deinit { blockHasher?.abandon() }

  package func begin(_ head: HTTPHead) throws {
    self.head = head
    try check(head)
    let size = head["Content-Length"].flatMap { Int($0) } ?? Self.blockSize
    block.reserveCapacity(min(max(size, 0), Self.blockSize))
    guard isHashing else { return }
    if size >= Self.largeSize { blockHasher = try BlockHasher() } else { hasher = try SHA256() }
  }

  package func take(_ bytes: UnsafeRawBufferPointer) throws {
    guard count + Int64(bytes.count) <= limit else { throw BodyTooLarge(limit: limit) }
    hasher?.update(bytes)
    if block.count + bytes.count > Self.blockSize { try flush() }
    block.append(contentsOf: bytes)
    count += Int64(bytes.count)
  }

  /// Writes what was gathered.
  package func flush() throws {
    let start = offset + count - Int64(block.count)
    try block.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
        let written = pwrite(descriptor, rest.baseAddress, rest.count, off_t(start) + off_t(done))
        if written < 0, cs_errno() == EINTR { continue }
        guard written > 0 else {
          throw FileFailure(operation: "write", path: path, reason: String(cString: cs_error()))
        }
        done += written
      }
    }
    guard let blockHasher, !block.isEmpty else {
      block.removeAll(keepingCapacity: true)
      return
    }
    blockHasher.take(&block)
    block.reserveCapacity(Self.blockSize)
  }

  /// Hashes bytes that come after those taken and reached the file on another way.
  package func hash(_ bytes: UnsafeRawBufferPointer) {
    hasher?.update(bytes)
    guard let blockHasher else { return }
    var block = [UInt8](bytes)
    blockHasher.take(&block)
  }

  package func finish() throws {
    try flush()
    digest = try blockHasher?.finish() ?? hasher?.finish()
  }
}

/// A file of this machine that could not be read or written.
package struct FileFailure: Error, Hashable, CustomStringConvertible {
  package let operation: String
  package let path: String
  package let reason: String

  package init(operation: String, path: String, reason: String) {
    self.operation = operation
    self.path = path
    self.reason = reason
  }

  package var description: String { "cannot \(operation) \(path): \(reason)" }
}

/// The head of an answer has more bytes than any service sends.
package struct EndlessHead: Error, CustomStringConvertible {
  package var description: String { "the answer's header fields do not end" }
}
