// The log of a step: written while it runs, whole whatever ends it, cut at a limit, harmless to a
// terminal, and never in memory.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct LogFaultTests {
  /// Both streams, an empty line, and then nothing for as long as a test wants.
  private static let talk = "echo out; echo err >&2; echo; printf 'tail '; echo end >&2; sleep 300"
  private static let said = "out\nerr\n\ntail end\n"

  private static func node(_ script: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
    .object(
      [
        "name": "one.talk", "script": .string(script),
        "tools": ["sleep", "head", "yes", "tr", "date"],
      ].merging(more) { $1 })
  }

  /// The text of the log as the program shows it through a pipe.
  private static func log(_ space: FixtureSpace) throws -> String {
    let shown = try space.call("log", "one.talk")
    #expect(shown.code == 0, "\(shown.err)")
    return shown.out
  }

  @Test func aLogIsThereWhileTheStepRunsAndAfterAnInterrupt_F14() throws {
    let space = try FixtureSpace([Self.node(Self.talk)])
    let running = try space.start(["run", "--json"])
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    #expect(try Self.log(space) == Self.said)
    running.signal(SIGINT)
    #expect(try running.wait().code == 130)
    #expect(
      try Self.log(space) == Self.said + "atelier: stopped, since the run was cancelled\n")
  }

  @Test func aTimeLimitLeavesTheLogAndTellsTheLastWords_F14() throws {
    let space = try FixtureSpace([Self.node(Self.talk, ["timeout": 2])])
    let run = try space.run()
    #expect(run.code == 1)
    let message = run.step("one.talk")?["message"]?.string ?? ""
    #expect(
      message == "ended after its time limit of 2.0 s\nits last words:\n  out\n  err\n  tail end",
      "\(message)")
    #expect(
      try Self.log(space) == Self.said + "atelier: ended after its time limit of 2.0 s\n")
  }

  @Test func theLastTwentyLinesOfAFailureAreTold_F14() throws {
    let loop = "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo \"line $i\" >&2; done; exit 3"
    let space = try FixtureSpace([Self.node(loop)])
    let message = try space.run().step("one.talk")?["message"]?.string ?? ""
    let lines = ["sh ended with exit code 3", "its last words:"] + (11...30).map { "  line \($0)" }
    #expect(message == lines.joined(separator: "\n"))
  }

  @Test func everyAttemptIsInTheLog_F14() throws {
    let space = try FixtureSpace([
      Self.node("echo try; exit 4", ["retries": 2, "retryDelay": 0.01])
    ])
    #expect(try space.run().code == 1)
    let attempts = (1...3).map {
      "atelier: attempt \($0) of 3\ntry\natelier: sh ended with exit code 4\n"
    }
    #expect(try Self.log(space) == attempts.joined())
    // Another run begins a new log.
    #expect(try space.run().code == 1)
    #expect(try Self.log(space) == attempts.joined())
  }

  @Test func aLogIsCutAtItsLimitAndKeepsTheEnd_B3() throws {
    let space = try FixtureSpace(
      [Self.node("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last; exit 3")],
      config: "[Atelier]\nlog_limit = 1\n")
    let run = try space.run()
    #expect(run.step("one.talk")?["message"]?.string?.hasSuffix("\n  last") == true)
    let log = try Self.log(space)
    #expect(log.utf8.count < 1 << 20 + 1 << 15)
    let lines = log.split(separator: "\n").map(String.init)
    #expect(lines.first?.count == 1 << 20)
    #expect(
      lines.dropFirst().prefix(2) == [
        "atelier: the log is cut here: it has the 1 MiB of [Atelier] log_limit",
        "atelier: \(3_000_006 - 1 << 20) bytes were left out; the last of them:",
      ])
    #expect(lines.suffix(2) == ["last", "atelier: sh ended with exit code 3"])
    let refused = try space.call("run", "--set", "Atelier.log_limit=0")
    #expect(refused.code == 2 && refused.err.contains("log_limit"), "\(refused.err)")
  }

  enum Talk: String, CaseIterable {
    case lines = "yes 'twenty-six letters, or so!' | head -c COUNT"
    case line = "head -c COUNT /dev/zero | tr '\\0' x"
  }

  /// A gigabyte in a soak.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
  func whateverAStepPrintsIsNotInMemory_B3_F31() throws {
    let isSoak = ProcessInfo.processInfo.environment["ATELIER_SOAK"] != nil
    let count = isSoak ? 1_000_000_000 : 60_000_000
    let idle = try Self.peaks("true", count)
    for talk in Talk.allCases {
      let peaks = try Self.peaks(talk.rawValue, count)
      #expect(peaks.count == idle.count)
      for (peak, idle) in zip(peaks, idle) {
        print("\(talk): \(peak >> 20) MiB, \((peak - idle) >> 20) over idle")
        #expect(peak - idle < 64_000_000, "\(talk): \(peak), idle \(idle)")
      }
    }
  }

  /// The most memory that each process of the program had, the runner's first, in bytes.
  private static func peaks(_ script: String, _ count: Int) throws -> [Int] {
    let text = script.replacingOccurrences(of: "COUNT", with: "\(count)")
    let space = try FixtureSpace([node("\(text); sleep 300")])
    let running = try space.start(["run"])
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    let own = ProcessTable.mentioning(space.folder.path).filter { $0.name.hasPrefix("atelier") }
      .sorted { $0.pid < $1.pid }
    let peaks = own.map { peak($0.pid) }
    running.signal(SIGINT)
    _ = try running.wait()
    return peaks
  }

  private static func peak(_ pid: pid_t) -> Int {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (Int(line.filter(\.isNumber)) ?? .max >> 10) << 10
  }

  @Test(.enabled(if: TestTerminal.isThere))
  func aLogDoesNotControlATerminal_B6() throws {
    let space = try FixtureSpace([
      Self.node("printf '\\033]52;c;aGk=\\007\\033[2J\\000\\342\\200\\256x\\n'; echo > $out")
    ])
    #expect(try space.run().code == 0)
    #expect(try Self.log(space) == "\u{1B}]52;c;aGk=\u{7}\u{1B}[2J\0\u{202E}x\n")
    let words = [
      TestPrograms.fixture, "log", "--project", space.folder.path, "--set",
      "Atelier.root=\(space.store)", "one.talk",
    ]
    let terminal = try TestTerminal(words.map { "'\($0)'" }.joined(separator: " "))
    let ended = try terminal.end()
    #expect(ended.code == 0)
    #expect(ended.shown == "^[]52;c;aGk=^G^[[2J^@\\u{202E}x\n")
  }
}
