// Many runs at once over one store: they share work instead of failing.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct ConcurrencyTests {
  /// Tells the step of `pair` to end.
  private let orders: TemporaryFolder

  init() throws { orders = try TemporaryFolder() }

  /// A run that executes a step until it is told to end, and one that waits for it.
  private func pair() throws -> (FixtureSpace, RunningProgram, RunningProgram) {
    let space = try FixtureSpace([["name": "one.slow", "held": .string(orders.path)]])
    let first = try space.start(["run", "--json"])
    try waitUntil("the step runs") {
      ProcessTable.mentioning(space.folder.path).contains {
        $0.arguments.hasSuffix("\0worker\0")
      }
    }
    let second = try space.start(["run", "--json"])
    try waitUntil("the second run waits") { second.hasSaid(#""event":"waiting""#) }
    return (space, first, second)
  }

  @Test func aWaitingRunTakesOverFromAKilledOne() throws {
    let (space, first, second) = try pair()
    first.signal(SIGKILL)
    #expect(try first.wait().signal == SIGKILL)
    try orders.write("go\n", to: "one.slow")
    let ended = try second.wait()
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.statuses == ["one.slow": "built"])
    let made = try ended.digest(of: "one.slow", output: "text")
    #expect(try TestFiles.text(space.blob(made)) == "one.slow")
    #expect(ProcessTable.left(mentioning: space.folder.path).isEmpty)
  }

  @Test func aWaitingRunCanBeInterrupted() throws {
    let (space, first, second) = try pair()
    second.signal(SIGINT)
    #expect(try second.wait().signal == SIGINT)
    #expect(!first.hasSaid(#""built""#), "it waited for the other run")
    try orders.write("go\n", to: "one.slow")
    let ended = try first.wait()
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.statuses == ["one.slow": "built"])
    #expect(try space.run().statuses == ["one.slow": "hit"])
  }
}
