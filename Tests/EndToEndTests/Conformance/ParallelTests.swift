// Runs beside each other, on one machine and on many: they share work instead of failing.
import AtelierTesting
import Foundation
import Testing

extension ConformanceTests {
  @Suite struct Parallel {
    /// Once, or as often as a long test wants: ATELIER_SOAK=10000 repeats it twenty times.
    private static let rounds =
      (ProcessInfo.processInfo.environment["ATELIER_SOAK"].flatMap { Int($0) } ?? 500) / 500

    @Test("dvc#11054: eight runs at once share their work, and none fails")
    func eightRunsAtOnceShareTheirWork() throws {
      for _ in 0..<max(1, Self.rounds) { try shareTheirWork() }
    }

    private func shareTheirWork() throws {
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

    @Test(
      "dvc#11054: ten machines at once all succeed",
      .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
    func tenMachinesAtOnceAllSucceed() throws {
      for _ in 0..<max(1, Self.rounds) { try tenMachines() }
    }

    private func tenMachines() throws {
      let project = try SharedProject(KillGraph.nodes)
      try project.space.folder.write("seed\n", to: "seed.txt")
      let started = try (0..<10).map { try project.start("m\($0)") }
      for run in try started.map({ try $0.wait() }) {
        #expect(run.code == 0, "\(run.err)\(run.out)")
        #expect(run.statuses.values.allSatisfy { ["hit", "built"].contains($0) })
      }
      let late = try project.run("late")
      #expect(Set(late.statuses.values) == ["hit"])
      #expect(late.fromRemote.count == KillGraph.steps.count)
    }

  }
}
