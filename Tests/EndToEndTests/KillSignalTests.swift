// Interrupted and terminated runs: they end by the signal, leave no child, and go on later.
import AtelierTesting
import Content
import Foundation
import Testing

@Suite struct KillSignalTests {
  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalEndsARunThatCanGoOn(_ number: Int32) throws {
    let space = try FixtureSpace([
      ["name": "one.quick", "script": "echo quick > $out"],
      [
        "name": "one.slow", "inputs": ["one.quick"], "tools": ["sleep"],
        "script": "sleep 1.5; echo slow > $out",
      ],
      ["name": "two.last", "inputs": ["one.slow"], "script": "echo last > $out"],
    ])
    let running = try space.start(["run", "--json"])
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    let began = Date()
    running.signal(number)
    let ended = try running.wait()
    #expect(Date().timeIntervalSince(began) < 1.2, "it waited for the step")
    #expect(ended.signal == number)
    #expect(ended.code == (number == SIGINT ? 130 : 143))
    #expect(ProcessTable.left(mentioning: space.folder.path).isEmpty)
    #expect(
      ended.statuses == ["one.quick": "built", "one.slow": "skipped", "two.last": "skipped"])
    #expect(ended.events.last?["status"] == "cancelled")
    let next = try space.run()
    #expect(next.code == 0, "\(next.err)")
    #expect(next.statuses == ["one.quick": "hit", "one.slow": "built", "two.last": "built"])
  }

  @Test func aSecondSignalDoesNotWaitForAStubbornStep() throws {
    let space = try FixtureSpace([
      [
        "name": "one.stubborn", "tools": ["sleep"],
        "script": "trap '' TERM INT HUP; sleep 20; sleep 20; echo x > $out",
      ]
    ])
    let running = try space.start(["run", "--json"])
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    let began = Date()
    running.signal(SIGINT)
    usleep(100_000)
    running.signal(SIGINT)
    let ended = try running.wait()
    #expect(Date().timeIntervalSince(began) < 1.5)
    #expect(ended.signal == SIGINT)
    #expect(ProcessTable.left(mentioning: space.folder.path).isEmpty)
  }
}
