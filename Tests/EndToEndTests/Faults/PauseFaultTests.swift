// Ctrl-Z stops the steps with the program, and `fg` lets all go on; the pause is in no recorded time.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/stat")))
struct PauseFaultTests {
  /// The state of a process: `T` where it is stopped.
  private static func state(_ pid: pid_t) -> Character? {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    return text.split(separator: ")").last?.first { $0 != " " }
  }

  @Test func aPauseStopsTheStepsAndIsInNoTime_F30() throws {
    // The limit is shorter than the pause.
    let space = try FixtureSpace([
      [
        "name": "one.slow", "tools": ["sleep"], "timeout": 2.5,
        "script": "sleep 0.5; echo slow > $out",
      ]
    ])
    let running = try space.start(["run", "--json"])
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    running.signal(SIGTSTP)
    // All but the supervisor, which has to hear when they go on.
    func stopped() -> Bool {
      ProcessTable.mentioning(space.folder.path).filter { $0.name != "supervisor" }
        .allSatisfy { Self.state($0.pid) == "T" }
    }
    try waitUntil("a pause", stopped)
    // Longer than the time limit, which must not count it.
    usleep(3_000_000)
    #expect(stopped())
    running.signal(SIGCONT)
    let ended = try running.wait()
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
    let seconds = try #require(ended.step("one.slow")?["seconds"]?.number)
    #expect(seconds < 2.5, "\(seconds) s")
    #expect(try #require(ended.events.last?["seconds"]?.number) < 2.9)
  }

  @Test func aPausedRunCanBeEnded_F30() throws {
    let space = try FixtureSpace([
      ["name": "one.slow", "tools": ["sleep"], "script": "sleep 300; echo slow > $out"]
    ])
    let running = try space.start(["run", "--json"])
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    running.signal(SIGTSTP)
    try waitUntil("a pause") { Self.state(running.pid) == "T" }
    running.signal(SIGTERM)
    running.signal(SIGCONT)
    #expect(try running.wait().code == 143)
    #expect(ProcessTable.left(mentioning: space.folder.path).isEmpty)
  }

  @Test(.enabled(if: TestTerminal.isThere && TestTools.path(of: "bash") != nil))
  func aShellGetsItsTerminalBack_F30() throws {
    let space = try FixtureSpace([
      ["name": "one.slow", "tools": ["sleep"], "script": "sleep 2; echo slow > $out"]
    ])
    let terminal = try TestTerminal(
      "exec bash --norc --noprofile -i",
      environment: ["TERM": "xterm", "PS1": "ready> ", "HISTFILE": ""])
    try terminal.wait(for: "ready> ")
    try terminal.type(
      "\(TestPrograms.fixture) run --project \(space.folder.path) --set"
        + " Atelier.root=\(space.store)\n")
    try terminal.wait(for: "1 running")
    try terminal.type("\u{1A}")
    try terminal.wait(for: "Stopped")
    // The block of the run was taken away before the shell said so.
    let before = terminal.shown.components(separatedBy: "Stopped")[0]
    #expect(before.components(separatedBy: "1 running").last?.contains("\u{1B}[J") == true)
    try terminal.type("fg\n")
    try terminal.wait(for: "1 ran in")
    try terminal.type("exit\n")
    #expect(try terminal.end().code == 0)
  }
}
