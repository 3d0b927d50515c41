// Hashes open files in blocks. It knows nothing of stores or memos.
import CSystem
import Content

enum FileHasher {
  /// The digest and count of the bytes left to read.
  ///
  /// The block is small for a small file, since touching a fresh MiB costs more than hashing 4 KiB.
  ///
  /// `sink` sees each block before it is hashed.
  static func hash(
    descriptor: Int32, path: String, size: Int64,
    sink: (UnsafeRawBufferPointer) throws -> Void = { _ in }
  ) throws -> (digest: Digest, size: Int64) {
    let count = Int(min(max(size + 1, 4096), 1 << 20))
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    defer { block.deallocate() }
    let hasher = try SHA256()
    var total: Int64 = 0
    while true {
      let got = cs_read(descriptor, block.baseAddress, block.count)
      if got < 0 { throw Disk.failure("read", path) }
      if got == 0 { break }
      let bytes = UnsafeRawBufferPointer(rebasing: block[0..<got])
      try sink(bytes)
      hasher.update(bytes)
      total += Int64(got)
    }
    return (try hasher.finish(), total)
  }
}
