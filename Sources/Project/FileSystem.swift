// The few file system operations of verbs.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CSystem
import CommandLine
import FileTools
import Subprocess
import Terminal

/// An output file that could not be written, in words for people.
package struct OutputFileError: Error, CustomStringConvertible {
  package let description: String
}

package enum FileSystem {
  package static func isFile(_ path: String) -> Bool { kind(path) == "f" }
  package static func isDirectory(_ path: String) -> Bool { kind(path) == "d" }

  /// Whether this process may start the file.
  package static func isExecutable(_ path: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: path)
  }

  /// Whether a file begins as scripts do.
  package static func isScript(_ path: String) -> Bool {
    let head = (try? Disk.read(path, first: 2)) ?? nil
    return head == Array("#!".utf8)
  }

  private static func kind(_ path: String) -> Character? {
    var status = cs_stat_t()
    guard cs_stat(path, 1, &status) == 0 else { return nil }
    return Character(UnicodeScalar(UInt8(bitPattern: status.kind)))
  }

  /// Bytes; nil where there is no such file.
  package static func size(_ path: String) -> Int64? {
    var status = cs_stat_t()
    return cs_stat(path, 1, &status) == 0 ? status.size : nil
  }

  /// The names in a folder; none where it cannot be read.
  package static func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  /// The path with all links resolved; nil where there is nothing.
  package static func resolved(_ path: String) -> String? { Disk.resolved(path) }

  /// The absolute form of a path that may be relative to the working directory.
  package static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// The folder of a path.
  package static func parent(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  /// The bytes of a file; throws `UsageError` where it cannot be read.
  package static func read(_ path: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try read(path) { bytes += $0 }
    return bytes
  }

  /// The same in blocks, of which only one is in memory.
  package static func read(_ path: String, _ body: ([UInt8]) throws -> Void) throws {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else {
      throw UsageError("cannot read \(path): \(String(cString: cs_error()))")
    }
    defer { cs_close(descriptor) }
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = cs_read(descriptor, &block, block.count)
      if count < 0 { throw UsageError("cannot read \(path): \(String(cString: cs_error()))") }
      if count == 0 { return }
      try body(Array(block[0..<count]))
    }
  }

  /// Makes a folder and those around it.
  package static func makeFolder(_ path: String) throws {
    do {
      try Disk.makeFolders(path)
    } catch {
      throw OutputFileError(description: "\(error)")
    }
  }

  /// Adds to the end of a file that nobody else writes meanwhile.
  package static func append(_ bytes: [UInt8], to path: String) throws {
    if isSpecial(path) { return try write(bytes, into: path) }
    try replace(path, with: (isFile(path) ? read(path) : []) + bytes)
  }

  /// Replaces a file as a whole: readers see the old bytes or the new ones.
  ///
  /// What is there and is no regular file (a device, a pipe) is written to and stays. Throws
  /// `OutputFileError`, and leaves nothing behind.
  package static func replace(_ path: String, with bytes: [UInt8]) throws {
    if isSpecial(path) { return try write(bytes, into: path) }
    if let bundle = ProgramBundle.own, bundle.holds(path) {
      throw OutputFileError(
        description: "\(path) is part of the installation, which the next one replaces; go to a "
          + "folder of your own and begin with: cp -r '\(bundle.root)/Workshops' .")
    }
    do {
      try ReplacedFile(resolved(path) ?? path).write(bytes)
    } catch .system(_, _, let reason) {
      throw OutputFileError(description: "cannot write \(path): \(reason)")
    } catch {
      throw OutputFileError(description: "\(error)")
    }
  }

  /// Whether there is something that is neither a regular file nor a folder, or an open file of this process.
  private static func isSpecial(_ path: String) -> Bool {
    ownDescriptor(path) != nil || (kind(path).map { $0 != "f" && $0 != "d" } ?? false)
  }

  /// The descriptor that a path such as /dev/stdout names: what a shell redirected it to is written to, and
  /// not replaced by another file.
  private static func ownDescriptor(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default:
      for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
        return Int32(path.dropFirst(folder.utf8.count)).flatMap { $0 > 0 ? $0 : nil }
      }
      return nil
    }
  }

  /// Writes to what the caller names as its output: `-` and /dev/stdout are standard output.
  ///
  /// - Returns: whether it is a file of its own, whose name is worth a message.
  package static func write(_ bytes: [UInt8], output path: String, _ console: Console) throws
    -> Bool
  {
    if path == "-" || path == "/dev/stdout" {
      try console.data(bytes)
      return false
    }
    try replace(path, with: bytes)
    return true
  }

  private static func write(_ bytes: [UInt8], into path: String) throws {
    let own = ownDescriptor(path)
    let descriptor = own ?? opened(path)
    guard descriptor >= 0 else { throw failure(path) }
    defer { if own == nil { cs_close(descriptor) } }
    let code = bytes.withUnsafeBytes { cs_write_pipe(descriptor, $0.baseAddress, $0.count) }
    guard code == 0 else { throw failure(path) }
  }

  /// Opens what is no regular file; who shall read from a FIFO may come up to 5 s later.
  private static func opened(_ path: String) -> Int32 {
    for _ in 0..<100 {
      let descriptor = cs_open_write(path, 0, 0o666)
      if descriptor >= 0 || !Disk.lastErrorMeansNoReader { return descriptor }
      Disk.pause(milliseconds: 50)
    }
    return cs_open_write(path, 0, 0o666)
  }

  private static func failure(_ path: String) -> OutputFileError {
    OutputFileError(description: "cannot write \(path): \(Disk.lastReason)")
  }
}
