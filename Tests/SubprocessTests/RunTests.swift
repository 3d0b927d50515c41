// A command's output, input, exit and surroundings.
import Foundation
import Subprocess
import Testing

@Suite struct RunTests {
  @Test(arguments: [true, false])
  func twoFullPipesDoNotDeadlock(supervised: Bool) throws {
    let command = shell(
      "head -c 200000000 /dev/zero & head -c 200000000 /dev/zero >&2; wait; exit 3",
      supervised: supervised)
    var (out, err) = (0, 0)
    let exit = try command.run(
      output: .chunks { out += $0.count }, error: .chunks { err += $0.count })
    #expect(exit.status == .exited(3))
    #expect(out == 200_000_000)
    #expect(err == 200_000_000)
  }

  @Test(arguments: [true, false])
  func exitCodesAndSignalsArePassedOn(supervised: Bool) throws {
    let cases: [(String, Exit.Status)] = [
      ("exit 0", .exited(0)), ("exit 1", .exited(1)), ("exit 255", .exited(255)),
      ("kill -TERM $$", .signalled(15)), ("kill -KILL $$", .signalled(9)),
      ("kill -SEGV $$", .signalled(11)), ("kill -INT $$", .signalled(2)),
    ]
    for (script, expected) in cases {
      let exit = try shell(script, supervised: supervised).run()
      #expect(exit.status == expected, "\(script)")
      #expect(exit.succeeded == (expected == .exited(0)))
    }
  }

  @Test func linesAreCutAtNewlinesOnly() throws {
    var lines: [String] = []
    _ = try shell(#"printf 'one\n\ntw'; sleep 0.05; printf 'o\nth\303'; sleep 0.05; printf '\251'"#)
      .run(output: .lines { lines.append($0) })
    #expect(lines == ["one", "", "two", "thé"])
  }

  @Test func inputReachesTheProgramWhole() throws {
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let result = try capture(Command(executable: "/bin/cat"), input: .bytes(bytes))
    #expect(result.stdout == bytes)
    #expect(result.exit.succeeded)
    #expect(try capture(Command(executable: "/bin/cat")).stdout == [])
  }

  @Test func inputThatNobodyReadsDoesNoHarm() throws {
    let exit = try Command(executable: "/bin/true")
      .run(input: .bytes([UInt8](repeating: 65, count: 1_000_000)))
    #expect(exit.succeeded)
  }

  @Test func onlyTheGivenEnvironmentAndDirectory() throws {
    try withFolder { folder in
      let command = Command(
        executable: "/usr/bin/env", environment: ["B": "2", "A": "x=y z", "Ü": "ß"],
        directory: folder)
      let variables = try capture(command).text
      #expect(variables == "A=x=y z\nB=2\nÜ=ß\n")
      let pwd = Command(executable: "/bin/pwd", arguments: ["-P"], directory: folder)
      let here = try capture(pwd).text
      #expect(here == folder + "\n")
    }
  }

  @Test func argumentsArriveUnchanged() throws {
    let arguments = ["%s|", "", "a b", "'\"$HOME", "*", "é\n"]
    let result = try capture(Command(executable: "/usr/bin/printf", arguments: arguments))
    #expect(result.text == "|a b|'\"$HOME|*|é\n|")
  }

  @Test func outputGoesStraightToAFile() throws {
    try withFolder { folder in
      let path = folder + "/log"
      try write("an older and longer text", to: path)
      _ = try shell("echo out; echo err >&2").run(output: .file(path), error: .discard)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "out\n")
    }
  }

  @Test func aPipeKeptOpenByAGrandchildIsNotWaitedFor() throws {
    let mark = marker()
    let command = shell("echo all; sleep \(mark) & exit 4")
    let result = try capture(command)
    #expect(result.text == "all\n")
    #expect(result.exit.status == .exited(4))
    #expect(result.exit.seconds < 60)
    #expect(eventually { processes(with: mark).isEmpty })
  }

  @Test func whatTheChildWroteLastIsReadThoughAGrandchildKeepsThePipe() throws {
    let mark = marker()
    let result = try capture(shell("sleep \(mark) & head -c 60000 /dev/zero"))
    #expect(result.stdout == [UInt8](repeating: 0, count: 60_000))
  }

  @Test func cpuAndMemoryAreMeasured() throws {
    let command = shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done", supervised: true)
    let exit = try command.run()
    #expect(exit.cpuSeconds > 0.02 && exit.cpuSeconds < 30)
    #expect(exit.seconds >= exit.cpuSeconds / 4)
    #expect(exit.peakMemory > 500_000 && exit.peakMemory < 4_000_000_000)
  }

  @Test(arguments: [true, false])
  func signalsAreAsAProgramExpects(supervised: Bool) throws {
    let command = Command(
      executable: "/bin/cat", arguments: ["/proc/self/status"], supervised: supervised)
    let lines = try capture(command).text.split(separator: "\n")
    let none = "0000000000000000"
    #expect(
      lines.filter { $0.hasPrefix("SigBlk") || $0.hasPrefix("SigIgn") || $0.hasPrefix("SigCgt") }
        == ["SigBlk:\t\(none)", "SigIgn:\t\(none)", "SigCgt:\t\(none)"])
  }
}
