// Many runs at once over one store: they share work instead of failing.
import AtelierTesting
import Content
import Foundation
import Testing

@Suite struct ConcurrencyTests {
  /// A run that executes a slow step, and one that waits for it.
  private func pair(_ seconds: String) throws -> (FixtureSpace, RunningProgram, RunningProgram) {
    let space = try FixtureSpace([
      [
        "name": "one.slow", "tools": ["sleep"],
        "script": .string("sleep \(seconds); echo slow > $out"),
      ]
    ])
    let first = try space.start(["run", "--json"])
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    let second = try space.start(["run", "--json"])
    let end = Date().addingTimeInterval(100)
    while !second.hasSaid(#""event":"waiting""#) {
      guard Date() < end else { throw ProgramError("the second run does not wait") }
      usleep(5000)
    }
    return (space, first, second)
  }

  @Test func aWaitingRunTakesOverFromAKilledOne() throws {
    let (space, first, second) = try pair("4")
    first.signal(SIGKILL)
    #expect(try first.wait().signal == SIGKILL)
    let ended = try second.wait()
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.statuses == ["one.slow": "built"])
    #expect(try space.text(of: "one.slow", in: ended) == "slow\n")
    #expect(ProcessTable.left(mentioning: space.folder.path).isEmpty)
  }

  @Test func aWaitingRunCanBeInterrupted() throws {
    let (space, first, second) = try pair("5")
    second.signal(SIGINT)
    #expect(try second.wait().signal == SIGINT)
    #expect(!first.hasSaid(#""built""#), "it waited for the other run")
    let ended = try first.wait()
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.statuses == ["one.slow": "built"])
    #expect(try space.run().statuses == ["one.slow": "hit"])
  }

  @Test func eightRunsExecuteEachKeyOnce() throws {
    let space = try FixtureSpace(KillGraph.nodes)
    try space.folder.write("seed\n", to: "seed.txt")
    let targets: [[String]] = [
      [], ["two.h"], ["two.g"], ["two.e"], ["two.f"], ["one"], ["two"], ["one.d", "two.e"],
    ]
    let started = try targets.map { try space.start(["run", "--json"] + $0) }
    let runs = try started.map { try $0.wait() }
    for (run, targets) in zip(runs, targets) {
      #expect(run.code == 0, "\(targets): \(run.err)")
      #expect(run.statuses.values.allSatisfy { ["hit", "built"].contains($0) }, "\(targets)")
    }
    let events = runs.flatMap(\.events).filter { $0["event"] == "step" }
    var built: [String: Int] = [:]
    for event in events {
      let key = try #require(event["key"]?.string)
      built[key, default: 0] += event["status"] == "built" ? 1 : 0
    }
    #expect(built.count == KillGraph.steps.count)
    #expect(built.values.allSatisfy { $0 == 1 }, "\(built)")
    #expect(try space.text(of: "two.h", in: runs[0]) == KillGraph.result(of: "seed\n"))
    // Whoever came second delivered nothing again.
    #expect(runs.count { $0.out.contains(#""status":"delivered""#) } == 1)
    #expect(try space.run().statuses.values.allSatisfy { $0 == "hit" })
    #expect(TestFiles.list(space.store + "/.atelier/work").isEmpty)
    #expect(TestFiles.list(space.store + "/.atelier/tmp").isEmpty)
  }
}
