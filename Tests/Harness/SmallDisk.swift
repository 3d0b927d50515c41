// A disk of a test's own that can be full or read-only: a tmpfs that only this test's programs see.
// It goes with the process that holds it, however the test ends.
import AtelierTesting
import Foundation

/// A tmpfs at a folder, in a mount namespace of its own.
package struct SmallDisk: Sendable {
  private let holder: RunningProgram
  private let path: String

  /// Why tests with a disk are skipped.
  package static let absence = "this machine lets nobody mount a tmpfs (unshare -rm)"

  /// Whether this user may make such a disk; tried once.
  package static let isPossible: Bool = {
    guard let folder = try? TemporaryFolder(),
      let disk = try? SmallDisk(at: folder.path, "size=64k")
    else { return false }
    defer { disk.remove() }
    guard let program = try? disk.start("/bin/sh", ["-c", "true"], folder) else { return false }
    return (try? program.wait())?.code == 0
  }()

  /// Mounts a disk at a folder, which is made when it is absent; `limit` as mount(8) has it, such as
  /// `size=64k` or `nr_inodes=20`.
  package init(at path: String, _ limit: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let captures = try TemporaryFolder()
    // The reading of a closed pipe would end at once: it waits for the parent's end instead.
    holder = try RunningProgram(
      "/usr/bin/env",
      [
        "unshare", "-rm", "--propagation", "private", "--kill-child", "sh", "-c",
        "mount -t tmpfs -o mode=755,\(limit) tmpfs \"$1\" && echo mounted && exec sleep 600", "sh",
        path,
      ], environment: [:], captures: captures)
    let end = Date().addingTimeInterval(20)
    while !holder.hasSaid("mounted") {
      guard Date() < end, kill(holder.pid, 0) == 0 else {
        remove()
        throw ProgramError(SmallDisk.absence)
      }
      usleep(5000)
    }
  }

  /// Starts a program that sees the disk.
  package func start(
    _ program: String, _ words: [String], _ captures: TemporaryFolder,
    environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(
      "/usr/bin/env", entry + [program] + words, environment: environment, captures: captures)
  }

  /// The words that bring a program to the disk.
  package var entry: [String] {
    ["nsenter", "--preserve-credentials", "-U", "-m", "-t", "\(holder.pid)", "--"]
  }

  /// Changes how it is mounted, such as `ro` or `size=64m`.
  package func remount(_ options: String, _ captures: TemporaryFolder) throws {
    // A disk that was written to until now is busy for some moments.
    let end = Date().addingTimeInterval(20)
    while true {
      let ended = try start("mount", ["-o", "remount,\(options)", path], captures).wait()
      if ended.code == 0 { return }
      guard Date() < end else { throw ProgramError("cannot remount \(path): \(ended.err)") }
      usleep(50_000)
    }
  }

  /// A path below the disk as this process can read it.
  package func visible(_ path: String) -> String { "/proc/\(holder.pid)/root\(path)" }

  package func remove() {
    holder.signal(SIGKILL)
    _ = try? holder.wait()
  }
}
