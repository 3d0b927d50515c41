// Graphs of 10,000 steps through the whole program: killed, resumed, explained and shown.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.serialized, .serialPrograms) struct TenThousandStepsTests {
  private static let last = "graph.step.9999"

  @Test(arguments: [("chain", 10_000), ("fan", 10_001)])
  func areKilledResumedExplainedAndShown(shape: String, count: Int) throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "Package.swift")
    try folder.write(
      """
      [Bench]
      shape = \(shape)
      steps = 10000
      isolation = in-process
      [Atelier]
      root = \(folder("store"))
      """, to: "Workshops/Synthetic/config.ini")

    func start(_ words: String...) throws -> RunningProgram {
      try RunningProgram(
        TestPrograms.bench, words + ["--project", folder.path], environment: [:], captures: folder)
    }
    func call(_ words: String..., code: Int32 = 0) throws -> EndedProgram {
      let ended = try RunningProgram(
        TestPrograms.bench, words + ["--project", folder.path], environment: [:], captures: folder
      ).wait(seconds: 300)
      #expect(ended.code == code, "\(words): \(ended.err.suffix(1000))")
      return ended
    }

    // Results become visible in groups, each after a flush that may take seconds on a busy disk: so
    // the run may end before it is killed.
    let results = folder("store/.atelier/ac")
    let killed = try start("run", "--json")
    try waitUntil("the first results", seconds: 300) {
      TestFiles.list(results).count >= 1000 || killed.hasSaid(#""event":"run""#)
    }
    killed.signal(SIGKILL)
    let end = try killed.wait()
    #expect(end.signal == SIGKILL || end.code == 0, "\(end.err.suffix(1000))")
    let kept = TestFiles.list(results).count

    let resumed = try call("run", "--json").events.last
    let built = resumed?["built"]?.integer ?? 0
    let hits = resumed?["hits"]?.integer ?? 0
    #expect(built + hits == count)
    #expect(kept > 0 && hits >= kept, "a killed run keeps what it had committed: \(kept)")
    #expect(try call("run").err.hasPrefix("synthetic: \(count) cached, 0 ran"))

    #expect(try call("status", "--verbose").out.split(separator: "\n").count >= count)
    // Steps of one state are one line.
    #expect(try call("status").out.split(separator: "\n").count < 10)
    #expect(try call("graph").out.split(separator: "\n").count >= count)
    #expect(try call("why", Self.last, "--verbose").out.contains("graph.step.0"))
    #expect(try call("why", Self.last).out.split(separator: "\n").count < count)
    let path = try call("show", Self.last, "--format", "path").out.dropLast()
    #expect(try TestFiles.read(String(path)).count == 16)
    let changed = try call("explain", Self.last, "--set", "Bench.value=2").out
    #expect(changed.contains(Self.last))
    let dry = try call("run", "--dry-run", "--set", "Bench.value=2", code: 3).out
    #expect(dry.contains("\(count) steps would run"))
  }
}
