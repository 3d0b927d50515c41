// A file system whose times are whole seconds, for tests as root. It goes with the value's `remove`.
import AtelierTesting
import Foundation

/// An ext4 with inodes of 128 bytes in a file, mounted.
package struct CoarseDisk: Sendable {
  package let path: String
  private let folder: TemporaryFolder

  package static let absence = "only root can mount a file system with whole seconds here (mke2fs)"

  /// Whether this user may mount one; tried once.
  package static let isPossible: Bool = {
    guard getuid() == 0, let disk = try? CoarseDisk() else { return false }
    disk.remove()
    return true
  }()

  package init() throws {
    folder = try TemporaryFolder()
    path = folder("mounted")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let image = folder("image")
    try Self.call("/usr/bin/truncate", "-s", "8M", image)
    try Self.call("/usr/sbin/mke2fs", "-q", "-t", "ext4", "-I", "128", image)
    try Self.call("/usr/bin/mount", "-o", "loop", image, path)
  }

  package func remove() { try? Self.call("/usr/bin/umount", "-l", path) }

  private static func call(_ program: String, _ words: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = words
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ProgramError("\(program) failed") }
  }
}
