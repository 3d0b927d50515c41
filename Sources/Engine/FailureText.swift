// Words a failed step for people: its own words, its log's last lines, and what it may do.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

enum FailureText {
  static func make(_ text: String, action: Action, confined: Bool, log: String) -> String {
    var lines = [text]
    let tail = LogFile.tail(of: log, lines: 10).filter { !text.contains($0) }
    if !tail.isEmpty { lines += ["its last words:"] + tail.map { "  " + $0 } }
    if isFull(Folders.parent(of: log)) {
      lines.append(
        "No space left on device: the disk that holds \(Folders.parent(of: log)) is full; make room "
          + "and run again")
    }
    if confined {
      let inputs = action.inputs.keys.sorted().joined(separator: ", ")
      let programs = action.programs.keys.sorted().joined(separator: ", ")
      lines.append(
        "the step is confined to what it declared: it may read its inputs ("
          + (inputs.isEmpty ? "none" : inputs) + "), start or open "
          + (programs.isEmpty ? "no program" : programs)
          + ", and write below its own directory; anything else needs an input or a program"
          + " in the step's declaration")
    }
    return lines.joined(separator: "\n")
  }

  /// Whether a file system has no room for a page or for another name: what fails there often cannot
  /// even say so.
  private static func isFull(_ path: String) -> Bool {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return false }
    let bytes = UInt64(status.f_bavail) * UInt64(status.f_frsize)
    return bytes < 4096 || status.f_files > 0 && status.f_favail == 0
  }
}
