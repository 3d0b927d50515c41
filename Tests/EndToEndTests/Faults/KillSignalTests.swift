// Interrupted and terminated runs: they end by the signal, leave no child, and go on later.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct KillSignalTests {
  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalEndsARunThatCanGoOn(_ number: Int32) throws {
    func graph(_ seconds: Double) -> [JSONValue] {
      [
        ["name": "one.quick", "script": "echo quick > $out"],
        [
          "name": "one.slow", "inputs": ["one.quick"], "tools": ["sleep"],
          "script": .string("sleep \(seconds); echo slow > $out"),
        ],
        ["name": "two.last", "inputs": ["one.slow"], "script": "echo last > $out"],
      ]
    }
    let space = try FixtureSpace(graph(3000))
    let running = try space.start(["run", "--json"])
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    running.signal(number)
    let ended = try running.wait()
    #expect(ended.signal == number)
    #expect(ended.code == (number == SIGINT ? 130 : 143))
    #expect(ProcessTable.left(mentioning: space.folder.path).isEmpty)
    #expect(
      ended.statuses == ["one.quick": "built", "one.slow": "skipped", "two.last": "skipped"])
    #expect(ended.events.last?["status"] == "cancelled")
    try space.setGraph(graph(0.1))
    let next = try space.run()
    #expect(next.code == 0, "\(next.err)")
    #expect(next.statuses == ["one.quick": "hit", "one.slow": "built", "two.last": "built"])
  }

  @Test func aSecondSignalDoesNotWaitForAStubbornStep() throws {
    let space = try FixtureSpace([
      [
        "name": "one.stubborn", "tools": ["sleep"],
        "script": "trap '' TERM INT HUP; sleep 3000; sleep 3000; echo x > $out",
      ]
    ])
    let running = try space.start(["run", "--json"])
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    running.signal(SIGINT)
    try waitUntil("the first one has come") { !ProcessTable.isPending(SIGINT, for: running.pid) }
    running.signal(SIGINT)
    let ended = try running.wait()
    #expect(ended.signal == SIGINT)
    #expect(ProcessTable.left(mentioning: space.folder.path).isEmpty)
  }
}
