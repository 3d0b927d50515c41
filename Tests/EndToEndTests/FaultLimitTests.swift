// Retries and time limits of a step.
import AtelierTesting
import Foundation
import Testing

@Suite struct FaultLimitTests {
  @Test func aStepThatFailsForAWhileIsTriedUntilItSucceeds() throws {
    // A confined step has no memory between attempts; what changes meanwhile is the time.
    let until = Int(Date().timeIntervalSince1970) + 2
    let space = try FixtureSpace([
      [
        "name": "one.late", "tools": ["date"], "retries": 8, "retryDelay": 0.2,
        "script": .string("[ $(date +%s) -ge \(until) ] || exit 3; echo late > $out"),
      ]
    ])
    let run = try space.run()
    #expect(run.code == 0, "\(run.err)")
    #expect(run.statuses == ["one.late": "built"])
    let retries = run.events.filter { $0["event"] == "retry" }
    #expect((1...8).contains(retries.count))
    #expect(
      retries.map { $0["attempt"]?.integer } == (1...Int64(max(1, retries.count))).map { $0 })
    #expect(try space.run().statuses == ["one.late": "hit"])
  }

  @Test func aStepThatAlwaysFailsIsTriedAsOftenAsItSays() throws {
    let space = try FixtureSpace([
      ["name": "one.never", "script": "exit 3", "retries": 3, "retryDelay": 0.01]
    ])
    let run = try space.run()
    #expect(run.code == 1)
    #expect(run.statuses == ["one.never": "failed"])
    #expect(run.events.filter { $0["event"] == "retry" }.count == 3)
  }

  @Test func aStepIsEndedAtItsTimeLimit() throws {
    let space = try FixtureSpace([
      [
        "name": "one.slow", "tools": ["sleep"], "timeout": 0.5,
        "script": "sleep 30; echo slow > $out",
      ]
    ])
    let run = try space.run()
    #expect(run.code == 1)
    let step = run.step("one.slow")
    #expect(step?["status"] == "failed")
    #expect(step?["message"]?.string?.contains("time limit of 0.5 s") == true)
    let seconds = step?["seconds"]?.number ?? 0
    #expect(seconds >= 0.5 && seconds < 2, "\(seconds) s")
    #expect(ProcessTable.left(mentioning: space.folder.path).isEmpty)
  }
}
