// Removing what nobody needs: what stays is whole, and what went simply runs.
import AtelierTesting
import Testing

extension ConformanceTests {
  @Suite struct Collection {
    @Test("dvc#9420: garbage collection leaves whole results, and the next run finds them")
    func whatACollectionLeavesIsWhole() throws {
      let space = try FixtureSpace(KillGraph.nodes)
      for number in 1...3 {
        try space.folder.write("seed \(number)\n", to: "seed.txt")
        let run = try space.run()
        try #require(run.code == 0, "\(run.err)")
      }
      let disk = StoreOnDisk(space.store)
      #expect(disk.results.count == 3 * KillGraph.steps.count)
      let collected = try space.call(
        "store", "gc", "--delete", "--keep-runs", "1", "--max-age", "0d", "--json")
      #expect(collected.code == 0, "\(collected.err)")
      #expect(disk.results.count == KillGraph.steps.count)
      #expect(try disk.incomplete().isEmpty)

      let kept = try space.run()
      #expect(Set(kept.statuses.values) == ["hit"], "\(kept.out)")
      #expect(kept.out.contains(#""status":"unchanged""#), "\(kept.out)")
      #expect(try space.text(of: "two.h", in: kept) == KillGraph.result(of: "seed 3\n"))
      // What went is made again as it was.
      try space.folder.write("seed 1\n", to: "seed.txt")
      let back = try space.run()
      #expect(Set(back.statuses.values) == ["built"], "\(back.err)")
      #expect(try space.text(of: "two.h", in: back) == KillGraph.result(of: "seed 1\n"))
      #expect(try disk.incomplete().isEmpty)
    }
  }
}
