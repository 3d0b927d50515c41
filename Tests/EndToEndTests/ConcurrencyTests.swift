// Many runs at once over one store: they share work instead of failing.
import AtelierTesting
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
}
