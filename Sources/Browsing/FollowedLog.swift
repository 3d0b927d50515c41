// The log of a step as it grows, in pieces of whole characters.
import CSystem
import FileTools
import Terminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads a log from its end on, and then what is added to it.
package struct FollowedLog: ~Copyable {
  /// So much of a long log is shown at first, in bytes.
  private static let most = 256 << 10

  private let path: String
  private var inode: UInt64?
  private var offset: Int64 = 0
  /// Bytes of a character that is not whole yet.
  private var rest: [UInt8] = []

  package init(path: String) { self.path = path }

  /// What is new, and whether it begins a log anew; nil where there is nothing new.
  package mutating func next() -> (text: String, isFresh: Bool)? {
    guard let status = try? FileStatus(path, followingLinks: true), status.kind == .file else {
      return nil
    }
    let isFresh = inode != status.identity.inode || status.identity.size < offset
    if isFresh {
      inode = status.identity.inode
      offset = max(0, status.identity.size - Int64(Self.most))
      rest = []
    }
    guard isFresh || status.identity.size > offset else { return nil }
    rest += added()
    let end = VisibleText.completeCount(of: rest)
    let text = String(decoding: rest[..<end], as: UTF8.self)
    rest.removeFirst(end)
    return text.isEmpty && !isFresh ? nil : (text, isFresh)
  }

  private mutating func added() -> [UInt8] {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { return [] }
    defer { cs_close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    guard lseek(descriptor, off_t(offset), SEEK_SET) == off_t(offset) else { return [] }
    while bytes.count < Self.most {
      let count = cs_read(descriptor, &block, block.count)
      guard count > 0 else { break }
      bytes += block[0..<count]
    }
    offset += Int64(bytes.count)
    return bytes
  }
}
