// After a kill, a failure or a retry: no lock is left, and what had succeeded does not run again.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

extension ConformanceTests {
  @Suite struct Continuing {
    /// A step that is quick, one that obeys a file, and one behind each.
    private func space() throws -> (FixtureSpace, orders: String) {
      let space = try FixtureSpace([])
      let orders = space.folder("orders")
      try FileManager.default.createDirectory(atPath: orders, withIntermediateDirectories: true)
      try space.setGraph([
        ["name": "one.first", "script": "echo first > $out"],
        ["name": "one.second", "inputs": ["one.first"], "script": "echo second > $out"],
        ["name": "one.held", "held": .string(orders)],
      ])
      return (space, orders + "/one.held")
    }

    @Test("snakemake#2919: a killed run leaves no lock: the next needs no flag and no wait")
    func aKilledRunLeavesNoLock() throws {
      let (space, orders) = try space()
      for _ in 0..<3 {
        let running = try space.start(["run", "--json"])
        // Until both results are kept and the third step has begun.
        try waitUntil("the third step has begun") {
          TestFiles.list(space.store + "/.atelier/ac").count >= 2
            && ProcessTable.mentioning(space.folder.path).contains {
              $0.arguments.hasSuffix("\0worker\0")
            }
        }
        running.signal(SIGKILL)
        #expect(try running.wait().signal == SIGKILL)
      }
      #expect(ProcessTable.left(mentioning: space.folder.path).isEmpty)
      try TestFiles.write(Array("go\n".utf8), to: orders)
      let next = try space.run()
      #expect(next.code == 0, "\(next.err)")
      #expect(
        next.statuses == ["one.first": "hit", "one.second": "hit", "one.held": "built"])
      #expect(!next.events.contains { $0["event"] == "waiting" })
      #expect(TestFiles.list(space.store + "/.atelier/work").isEmpty)
      #expect(TestFiles.list(space.store + "/.atelier/tmp").isEmpty)
    }

    @Test("nextflow#6884: after a failure, what had succeeded does not run again")
    func afterAFailureWhatHadSucceededDoesNotRunAgain() throws {
      let (space, orders) = try space()
      try TestFiles.write(Array("fail out of luck\n".utf8), to: orders)
      for _ in 0..<2 {
        let failed = try space.run("--keep-going")
        #expect(failed.code == 1)
        #expect(failed.statuses["one.held"] == "failed", "\(failed.out)")
      }
      try TestFiles.write(Array("go\n".utf8), to: orders)
      let next = try space.run()
      #expect(next.code == 0, "\(next.err)")
      #expect(
        next.statuses == ["one.first": "hit", "one.second": "hit", "one.held": "built"])
    }

    @Test("nextflow#6884: a retry repeats its own step only")
    func aRetryRepeatsItsOwnStepOnly() throws {
      let space = try FixtureSpace([
        ["name": "one.first", "script": "echo first > $out"],
        [
          "name": "one.flaky", "inputs": ["one.first"], "tools": ["sleep"], "retries": 8,
          "retryDelay": 0.05,
          "script": "sleep 1000; [ $? -eq 129 ] || exit 75; echo done > $out",
        ],
        ["name": "two.last", "inputs": ["one.flaky"], "script": "echo last > $out"],
      ])
      // The step fails as often as it is told to end by another signal than SIGHUP.
      let running = try space.start(["run", "--json"])
      for signal in [SIGTERM, SIGTERM, SIGHUP] {
        try ProcessTable.endSleep(of: 1000, in: space.folder.path, by: signal)
      }
      let run = try running.wait()
      #expect(run.code == 0, "\(run.err)")
      #expect(Set(run.statuses.values) == ["built"])
      let retries = run.events.filter { $0["event"] == "retry" }
      #expect(!retries.isEmpty && retries.allSatisfy { $0["step"] == "one.flaky" }, "\(run.out)")
      let ends = run.events.filter { $0["event"] == "step" }.compactMap { $0["step"]?.string }
      #expect(ends.sorted() == ["one.first", "one.flaky", "two.last"])
      #expect(Set(try space.run().statuses.values) == ["hit"])
    }
  }
}
