// Finds out of a failure's words whether something undeclared was refused. It reads no file.
import AtelierStep
import FileTools
import Workers

/// What a confined step was refused, as far as its own words tell.
enum Refusal {
  /// Names the undeclared file or the network, and then says that the step is confined; nothing
  /// where the words tell of no refusal.
  static func sentences(in text: String, _ action: Action) -> [String] {
    let access = action.access
    let lines = text.split(separator: "\n")
    if let file = lines.lazy.compactMap({ undeclared(in: $0, access) }).first {
      return [
        "\(file) is no input and no program of this step, so it was refused: list it in the step's "
          + "programs, wire it as an input, or name its package in .system(packages:)",
        confinement,
      ]
    }
    if !access.network, lines.contains(where: mentionsNetwork) {
      return [
        "the network was refused: a step that uses it says so (usesNetwork), and what it fetches "
          + "should be checked by a digest",
        confinement,
      ]
    }
    return []
  }

  private static let confinement =
    "the step is confined to what it declared, since only that is in its key"

  /// A file of this machine that a line tells of, and that the step may not use.
  private static func undeclared(in line: Substring, _ access: StepAccess) -> String? {
    let marks = ["ermission denied", "EACCES", "not found", "No module named", "cannot open"]
    guard marks.contains(where: { line.contains($0) }) else { return nil }
    let words = line.split(whereSeparator: { " \t'\"`:;,()[]<>=".contains($0) }).map(String.init)
    for word in words where word.hasPrefix("/") && isFile(word) {
      if !isAllowed(word, access) { return word }
    }
    // A shell says the name alone.
    let shellMarks = [": not found", ": Permission denied", ": command not found"]
    guard shellMarks.contains(where: { line.hasSuffix($0) }),
      let name = words.last(where: {
        !["not", "found", "Permission", "denied", "command"].contains($0)
      }), !name.contains("/")
    else { return nil }
    return ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + name }.first {
      isFile($0) && !isAllowed($0, access)
    }
  }

  private static func isFile(_ path: String) -> Bool {
    (try? FileStatus(path, followingLinks: true))?.kind == .file
  }

  private static func isAllowed(_ path: String, _ access: StepAccess) -> Bool {
    path.hasPrefix("/proc/") || path.hasPrefix("/dev/")
      || (access.read + access.execute).contains { path == $0 || path.hasPrefix($0 + "/") }
  }

  private static func mentionsNetwork(_ line: Substring) -> Bool {
    [
      "socket", "ould not resolve", "name resolution", "Name or service not known",
      "Network is unreachable", "ailed to connect", "URLError",
    ].contains { line.contains($0) }
  }
}
