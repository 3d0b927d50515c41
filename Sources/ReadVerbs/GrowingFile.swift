// A file that somebody else writes to, read as it grows.
import CSystem
import CommandLine
import FileTools

/// Reads what was added to a file since the last time; another file at the path is read anew.
struct GrowingFile: ~Copyable {
  private var descriptor: Int32 = -1
  private var path = ""
  private var inode: UInt64 = 0

  init() {}

  deinit { if descriptor >= 0 { cs_close(descriptor) } }

  /// Gives what is new to `body`, in blocks.
  mutating func read(_ path: String, _ body: ([UInt8]) throws -> Void) throws {
    guard let status = try FileStatus(path, followingLinks: true) else { return }
    if descriptor < 0 || path != self.path || status.identity.inode != inode {
      if descriptor >= 0 { cs_close(descriptor) }
      descriptor = cs_open_read(path)
      guard descriptor >= 0 else {
        throw UsageError("cannot read \(path): \(String(cString: cs_error()))")
      }
      (self.path, inode) = (path, status.identity.inode)
    }
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = cs_read(descriptor, &block, block.count)
      if count < 0 { throw UsageError("cannot read \(path): \(String(cString: cs_error()))") }
      if count == 0 { return }
      try body(Array(block[0..<count]))
    }
  }
}
