// Words a failed step for people: its own words, its log's last lines, and what it may do.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

package enum FailureText {
  /// `last` are the last lines of the log, `folder` lies in the store.
  package static func make(
    _ text: String, action: Action, confined: Bool, last: [String], folder: String
  ) -> String {
    var lines = [text]
    let tail = last.filter { !text.contains($0) }
    if !tail.isEmpty { lines += ["its last words:"] + tail.map { "  " + $0 } }
    if let scarcity = scarcity(folder) { lines.append(scarcity) }
    if confined {
      lines += Refusal.sentences(in: text + "\n" + tail.joined(separator: "\n"), action)
    }
    return lines.joined(separator: "\n")
  }

  /// Says that a file system has hardly any room; nil where it has.
  ///
  /// What fails there often cannot even say so. That a little is free tells nothing: another step may
  /// have ended since, and left its scratch space.
  private static func scarcity(_ path: String) -> String? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    let bytes = UInt64(status.f_bavail) * UInt64(status.f_frsize)
    let isShortOfNames = status.f_files > 0 && status.f_favail < 64
    guard bytes < 1 << 20 || isShortOfNames else { return nil }
    let rest = isShortOfNames ? "names for \(status.f_favail) files" : "\(bytes >> 10) KiB"
    return "No space left on device, it seems: the disk that holds \(path) has \(rest) left; make "
      + "room and run again"
  }
}
