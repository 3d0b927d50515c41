// Looks for processes of a test by /proc; elsewhere it finds none.
import AtelierTesting
import Foundation

/// The processes of this machine.
package enum ProcessTable {
  package struct Entry: Sendable {
    package let pid: pid_t
    /// The name that it runs under, for example `sleep`.
    package let name: String
    package let arguments: String
  }

  /// The living processes in whose arguments, environment, working folder or mounts a path stands.
  ///
  /// A step works under a name that only it sees; which folder that is stands in its mounts. With a
  /// name, those alone that run under it, which is much less to read.
  package static func mentioning(_ text: String, named wanted: String? = nil) -> [Entry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    // Mounts are given from the root of their file system.
    let own = text.split(separator: "/").last.map(String.init) ?? text
    return names.compactMap { pid_t($0) }.compactMap { pid in
      let name = read("/proc/\(pid)/comm").split(separator: "\n").first.map(String.init) ?? ""
      guard wanted == nil || name == wanted else { return nil }
      let arguments = read("/proc/\(pid)/cmdline")
      let folder = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd"))
      let places = [arguments, folder ?? "", read("/proc/\(pid)/environ")]
      guard
        places.contains(where: { $0.contains(text) })
          || read("/proc/\(pid)/mountinfo").contains(own)
      else { return nil }
      return Entry(pid: pid, name: name, arguments: arguments)
    }
  }

  /// What is left of them after at most some seconds.
  package static func left(mentioning text: String, after seconds: Double = 20) -> [Entry] {
    let end = Date().addingTimeInterval(seconds)
    while true {
      let left = mentioning(text)
      if left.isEmpty || Date() > end { return left }
      usleep(20_000)
    }
  }

  /// Waits until a process of that name runs in a project.
  package static func wait(for name: String, in project: String, seconds: Int = 100) throws {
    try waitUntil("a process '\(name)'", seconds: seconds) {
      !mentioning(project, named: name).isEmpty
    }
  }

  /// Waits until a step of a project sleeps for so many seconds, and ends that sleep: the step goes on when
  /// the test has done what is to happen meanwhile, with 128 and the signal as the sleep's code.
  package static func endSleep(
    of seconds: Int, in project: String, by signal: Int32 = SIGTERM
  ) throws {
    let ending = "sleep\0\(seconds)\0"
    var ended: pid_t?
    try waitUntil("a step sleeps for \(seconds) s") {
      let found = mentioning(project, named: "sleep").first { $0.arguments.hasSuffix(ending) }
      guard let found, kill(found.pid, signal) == 0 else { return false }
      ended = found.pid
      return true
    }
    // Until it is gone a second signal would find the same sleep, and be lost in it.
    guard let ended else { return }
    try waitUntil("the sleep has ended") { !read("/proc/\(ended)/cmdline").hasSuffix(ending) }
  }

  private static func read(_ path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = max(0, Foundation.read(descriptor, buffer.baseAddress, buffer.count))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension ProcessTable {
  /// Whether a process has not yet met a signal that was sent to it; another one would be lost in it.
  package static func isPending(_ signal: Int32, for pid: pid_t) -> Bool {
    let masks = read("/proc/\(pid)/status").split(separator: "\n").filter {
      $0.hasPrefix("SigPnd:") || $0.hasPrefix("ShdPnd:")
    }
    return masks.contains { line in
      let mask = UInt64(line.drop { $0 != "\t" }.dropFirst(), radix: 16) ?? 0
      return mask & 1 << UInt64(signal - 1) != 0
    }
  }

  /// What a process was given; empty where this user may not know or it is gone.
  package static func environment(of pid: pid_t) -> String { read("/proc/\(pid)/environ") }
}
