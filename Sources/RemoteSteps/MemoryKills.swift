// How many processes of this job the kernel has killed for want of memory.
import CSystem

enum MemoryKills {
  /// The count of this process's control group; 0 where the kernel keeps none.
  static func count() -> Int {
    for line in (text("/proc/self/cgroup") ?? "").split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let path: String
      if fields[1].split(separator: ",").contains("memory") {
        path = "/sys/fs/cgroup/memory\(fields[2])/memory.oom_control"
      } else if fields[0] == "0" {
        path = "/sys/fs/cgroup\(fields[2])/memory.events"
      } else {
        continue
      }
      if let count = count(in: path) { return count }
    }
    return 0
  }

  private static func count(in path: String) -> Int? {
    guard let text = text(path) else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("oom_kill ") {
      return line.split(separator: " ").last.flatMap { Int($0) }
    }
    return nil
  }

  /// The text of a file of the kernel's, whose size is said to be 0.
  private static func text(_ path: String) -> String? {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { return nil }
    defer { cs_close(descriptor) }
    var block = [UInt8](repeating: 0, count: 1 << 16)
    let count = cs_read(descriptor, &block, block.count)
    return count < 0 ? nil : String(decoding: block[0..<count], as: UTF8.self)
  }
}
