// SHA-256 by libcrypto, over bytes in memory and files. It keeps no state between calls.
//
// By the functions that libcrypto 3 calls deprecated: the ones that it recommends read a configuration file
// and make a table of algorithms first, which takes longer than anything else in a run with nothing to do.
import CLibcrypto
import CSystem

/// Failures of hashing; both are about the machine, not the content.
public enum HashError: Error, CustomStringConvertible {
  case libcrypto
  case unreadable(path: String, reason: String)

  /// The error in one sentence.
  public var description: String {
    switch self {
    case .libcrypto: "libcrypto could not compute SHA-256"
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    }
  }
}

/// An incremental SHA-256.
///
/// Not Sendable: one hasher belongs to one thread.
public struct SHA256: ~Copyable {
  private let context: UnsafeMutablePointer<SHA256_CTX>

  /// A hash of no bytes yet.
  public init() throws {
    context = .allocate(capacity: 1)
    context.initialize(to: SHA256_CTX())
    guard SHA256_Init(context) == 1 else { throw HashError.libcrypto }
  }

  deinit { context.deallocate() }

  /// Adds bytes.
  public func update(_ bytes: UnsafeRawBufferPointer) {
    SHA256_Update(context, bytes.baseAddress, bytes.count)
  }

  /// Ends the computation.
  ///
  /// The hasher starts afresh and can be used again.
  public func finish() throws -> Digest {
    var out: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    let done = withUnsafeMutableBytes(of: &out) { raw in
      SHA256_Final(raw.baseAddress?.assumingMemoryBound(to: UInt8.self), context)
    }
    guard done == 1, SHA256_Init(context) == 1 else { throw HashError.libcrypto }
    return Digest(words: (out.0.bigEndian, out.1.bigEndian, out.2.bigEndian, out.3.bigEndian))
  }
}

extension Digest {
  /// The digest of bytes in memory.
  public static func of(_ bytes: some Sequence<UInt8>) throws -> Digest {
    let hasher = try SHA256()
    let done: Void? = bytes.withContiguousStorageIfAvailable { hasher.update(.init($0)) }
    if done == nil { Array(bytes).withUnsafeBytes { hasher.update($0) } }
    return try hasher.finish()
  }

  /// The digest of a string's UTF-8.
  public static func of(_ text: String) throws -> Digest {
    var text = text
    let hasher = try SHA256()
    text.withUTF8 { hasher.update(.init($0)) }
    return try hasher.finish()
  }

  /// The digest and the size in bytes of a file, read in blocks of 1 MiB.
  ///
  /// Reads rather than maps: a file that shrinks meanwhile gives an error, not a signal.
  public static func of(file path: String) throws -> (digest: Digest, size: Int64) {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else {
      throw HashError.unreadable(path: path, reason: String(cString: cs_error()))
    }
    defer { cs_close(descriptor) }
    return try of(descriptor: descriptor, path: path)
  }

  /// The digest and the size of what is left to read from an open file.
  public static func of(
    descriptor: Int32, path: String
  ) throws -> (digest: Digest, size: Int64) {
    let hasher = try SHA256()
    var size: Int64 = 0
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { block.deallocate() }
    while true {
      let count = cs_read(descriptor, block.baseAddress, block.count)
      if count < 0 {
        throw HashError.unreadable(path: path, reason: String(cString: cs_error()))
      }
      if count == 0 { break }
      hasher.update(UnsafeRawBufferPointer(rebasing: block[0..<count]))
      size += Int64(count)
    }
    return (try hasher.finish(), size)
  }
}
