// The simulated customers: the same bytes for the same seed, and the form of the real ones.
import AtelierStep
import AtelierTesting
import Content
import LearningFormats
import Testing

@testable import Simulate

@Suite struct SimulateChurnTests {
  private func simulate(rows: Int, classes: Int = 2, seed: Int = 7) throws -> String {
    try StepHarness.run(SimulateChurn(rows: rows, classes: classes, seed: seed)).text("customers")
  }

  @Test func aRowDependsOnSeedAndNumberAlone() throws {
    let long = try simulate(rows: 300)
    let short = try simulate(rows: 80)
    #expect(long.hasPrefix(short) && long.count > short.count)
    #expect(try simulate(rows: 80, seed: 8) != short)
    #expect(
      try Digest.of(Array(long.utf8)).hex
        == "332f73a291ab45434d101ae3e3bcae1a6a701b5684de1d6e144a9074aac7df4c")
  }

  @Test func itLooksLikeTheRealSet() throws {
    let rows = try simulate(rows: 1000).split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
    }
    #expect(rows.count == 1000 && rows.allSatisfy { $0.count == 70 })
    let leaving = rows.count { $0[0] == 1 }
    #expect((100...350).contains(leaving) && rows.allSatisfy { [0, 1].contains($0[0]) })
    // One state, one area, each plan or not.
    for group in [12..<63, 63..<66, 66..<68, 68..<70] {
      #expect(rows.allSatisfy { $0[group].reduce(0, +) == 1 && $0[group].max() == 1 })
    }
    // No messages without the plan for them.
    #expect(rows.allSatisfy { ($0[2] > 0) == ($0[69] == 1) })
  }

  @Test func moreClassesSayWhy() throws {
    func labels(_ classes: Int) throws -> [Int] {
      try simulate(rows: 400, classes: classes).split(separator: "\n").map {
        Int($0.prefix(1)) ?? -1
      }
    }
    let (two, four) = (try labels(2), try labels(4))
    #expect(Set(four) == [0, 1, 2, 3])
    #expect(two == four.map { min($0, 1) })
  }

  @Test func whatMakesNoSenseIsRefused() {
    #expect(throws: StepFailure.self) { try simulate(rows: 0) }
    #expect(throws: StepFailure.self) { try simulate(rows: 10, classes: 5) }
  }
}
