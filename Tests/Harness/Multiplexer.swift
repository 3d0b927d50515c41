// A terminal whose screen a test can read: tmux, on a socket of its own.
import AtelierTesting
import Foundation
import Testing

/// A program under test in a terminal; ended with the value.
package final class Multiplexer: Sendable {
  /// Whether this machine has one.
  package static let isThere = TestTools.path(of: "tmux") != nil

  private let folder = Result { try TemporaryFolder() }
  private let space: FixtureSpace

  /// Starts `run` with further words in a terminal; `around` is a shell command with `RUN` in it.
  package init(
    _ space: FixtureSpace, _ words: [String] = [], columns: Int = 80, rows: Int = 24,
    around: String = "RUN"
  ) throws {
    self.space = space
    let run = ["run", "--project", space.folder.path, "--set", "Atelier.root=\(space.store)"]
    let line = ([TestPrograms.fixture] + run + words).map { "'\($0)'" }.joined(separator: " ")
    let command = around.replacingOccurrences(of: "RUN", with: line)
    // What follows keeps the screen: the test sees how the program left it.
    try call(
      "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)",
      "trap : INT; \(command); printf 'exit %s\\n' $?; exec sleep 1000")
  }

  deinit {
    _ = try? call("kill-server")
    // The program ends by SIGHUP; the space is removed when it no longer writes there.
    _ = ProcessTable.left(mentioning: space.folder.path, after: 10)
  }

  /// Changes the terminal's size.
  package func resize(columns: Int, rows: Int) throws {
    try call("resize-window", "-x", "\(columns)", "-y", "\(rows)")
  }

  /// Types keys as `tmux send-keys` names them.
  package func type(_ keys: String) throws { try call("send-keys", keys) }

  /// What stands on the terminal, scrolled lines included; wrapped lines are joined.
  ///
  /// With `escapes` colours are part of the text.
  package func text(escapes: Bool = false) throws -> String {
    try call("capture-pane", "-p", "-J", "-S", "-", escapes ? "-e" : "-N")
  }

  /// The lines of the terminal, with what differs between runs replaced.
  package func lines() throws -> [String] { Self.normal(try text(), space) }

  /// Expects that the terminal comes to show exactly these lines.
  package func shows(
    _ lines: [String], seconds: Double = 100, at location: SourceLocation = #_sourceLocation
  ) throws {
    let shown = try wait(seconds) { $0 == lines }
    #expect(shown == lines, sourceLocation: location)
  }

  /// Waits until a line of the terminal holds a text.
  package func wait(forText text: String, seconds: Double = 100) throws -> [String] {
    try wait(seconds) { $0.contains { $0.contains(text) } }
  }

  private func wait(
    _ seconds: Double, _ isThere: ([String]) -> Bool
  ) throws -> [String] {
    let end = Date().addingTimeInterval(seconds)
    while true {
      let lines = try lines()
      if isThere(lines) || Date() > end { return lines }
      usleep(20_000)
    }
  }

  /// Times become `T`, but not those of an estimate; places become words.
  package static func normal(_ text: String, _ space: FixtureSpace) -> [String] {
    var lines = text.replacingOccurrences(of: space.folder.path, with: "PLACE")
      .split(separator: "\n", omittingEmptySubsequences: false).map { line in
        let text = line.replacing(/logs\/..\/[0-9a-f]{64}/, with: "logs/KEY")
          .replacing(#/built +[0-9.]+ (min [0-9]+ )?s\b/#, with: "built T")
          .replacing(#/(?<about>about )?[0-9.]+ (min [0-9]+ )?s\b/#) { match in
            match.output.about == nil ? "T" : String(match.output.0)
          }
        return String(text.reversed().drop { $0 == " " }.reversed())
      }
    // A kernel that cannot confine steps says other things of it.
    lines.removeAll { $0.contains("the step is confined") || $0.contains("no Landlock") }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  @discardableResult
  private func call(_ words: String...) throws -> String {
    let folder = try folder.get()
    guard let tmux = TestTools.path(of: "tmux") else { throw ProgramError("no tmux") }
    let ended = try RunningProgram(
      tmux, ["-u", "-S", folder("socket")] + words,
      environment: ["LC_ALL": "C.UTF-8", "SHELL": "/bin/sh"], captures: folder
    ).wait()
    guard ended.code == 0 else { throw ProgramError("tmux \(words): \(ended.err)") }
    return ended.out
  }
}
