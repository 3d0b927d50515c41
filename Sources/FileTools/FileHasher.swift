// Hashes open files in blocks. It knows nothing of stores or memos.
import CSystem
import Content

package enum FileHasher {
  /// The digest and count of the bytes left to read; `size` says how many there should be.
  ///
  /// Reading ends there, or at the end of a file that says it is empty: who must know whether the
  /// file has grown checks its size afterwards.
  ///
  /// The block is small for a small file, since touching a fresh MiB costs more than hashing 4 KiB.
  ///
  /// `sink` sees each block before it is hashed; `copy` is an open file that gets every byte, of a
  /// large file beside the hashing.
  package static func hash(
    descriptor: Int32, path: String, size: Int64, copy: OpenCopy? = nil,
    sink: (UnsafeRawBufferPointer) throws -> Void = { _ in }
  ) throws -> (digest: Digest, size: Int64) {
    if size >= large {
      FileProgress.current?.expect(bytes: size)
      return try hashAhead(descriptor: descriptor, path: path, copy: copy, sink: sink)
    }
    let count = Int(min(max(size + 1, 4096), 1 << 20))
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    defer { block.deallocate() }
    let hasher = try SHA256()
    var total: Int64 = 0
    while true {
      try Interruption.check()
      let got = cs_read(descriptor, block.baseAddress, block.count)
      if got < 0 { throw Disk.failure("read", path) }
      if got == 0 { break }
      let bytes = UnsafeRawBufferPointer(rebasing: block[0..<got])
      try sink(bytes)
      if let copy, cs_write_all(copy.descriptor, bytes.baseAddress, bytes.count) != 0 {
        throw Disk.failure("write", copy.path)
      }
      hasher.update(bytes)
      FileProgress.current?.add(bytes: Int64(got))
      total += Int64(got)
      if total == size { break }
    }
    return (try hasher.finish(), total)
  }

  /// A new file that is open to write.
  package struct OpenCopy {
    package let descriptor: Int32
    package let path: String

    package init(descriptor: Int32, path: String) {
      self.descriptor = descriptor
      self.path = path
    }
  }

  /// Bytes from which a second thread is worth its start.
  private static let large: Int64 = 8 << 20

  /// Hashes while another thread copies the next bytes out of the page cache, and into the copy.
  ///
  /// Copying takes a sixth of the time; the blocks fit into a core's own cache.
  private static func hashAhead(
    descriptor: Int32, path: String, copy: OpenCopy?,
    sink: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> (digest: Digest, size: Int64) {
    try withoutActuallyEscaping(sink) { sink in
      let consumer = Consumer(try SHA256(), sink)
      var wasWriting: Int32 = 0
      let answer = withExtendedLifetime(consumer) {
        let context = Unmanaged.passUnretained(consumer).toOpaque()
        return cs_read_ahead(
          descriptor, copy?.descriptor ?? -1, 1 << 18, &wasWriting, context
        ) { context, bytes, count in
          guard let context else { return 1 }
          let consumer = Unmanaged<Consumer>.fromOpaque(context).takeUnretainedValue()
          return consumer.take(UnsafeRawBufferPointer(start: bytes, count: count)) ? 0 : 1
        }
      }
      guard answer == 0 else {
        if let copy, wasWriting != 0 { throw Disk.failure("write", copy.path) }
        throw Disk.failure("read", path)
      }
      if let failure = consumer.failure { throw failure }
      return (try consumer.hasher.finish(), consumer.total)
    }
  }

  private final class Consumer {
    let hasher: SHA256
    private let sink: (UnsafeRawBufferPointer) throws -> Void
    private(set) var total: Int64 = 0
    private(set) var failure: (any Error)?

    init(_ hasher: consuming SHA256, _ sink: @escaping (UnsafeRawBufferPointer) throws -> Void) {
      self.hasher = hasher
      self.sink = sink
    }

    /// False when the sink does not want more.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
      do {
        try Interruption.check()
        try sink(bytes)
      } catch {
        failure = error
      }
      hasher.update(bytes)
      FileProgress.current?.add(bytes: Int64(bytes.count))
      total += Int64(bytes.count)
      return failure == nil
    }
  }
}
