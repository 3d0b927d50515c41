// The draws of the search: pinned, spread, and each free of the others.
import Testing

@testable import Train

@Suite struct SearchSpaceTests {
  private func text(_ draw: Draw) -> String {
    let s = draw.hyperparameters
    return "\(draw.number): \(s.trees) \(s.maxDepth) \(s.minChildWeight) \(s.learningRate) "
      + "\(s.rowSample) \(s.columnSample) \(draw.sampleSeed)"
  }

  /// Changing these changes every trial of every user: a decision, not an accident.
  @Test func drawsArePinned() {
    #expect(
      (0..<6).map { text(SearchSpace.draw(seed: 1, number: $0)) } == [
        "0: 200 4 2 0.12 0.9 0.6 1029310212",
        "1: 180 4 1 0.08 0.8 0.4 1826589672",
        "2: 160 3 3 0.12 1.0 0.6 2006472718",
        "3: 140 3 2 0.08 0.8 0.4 1307429933",
        "4: 120 3 1 0.12 1.0 0.3 13224947",
        "5: 220 4 3 0.08 0.9 0.5 881518930",
      ])
    #expect(
      text(SearchSpace.draw(seed: -5, number: 1_000_000))
        == "1000000: 140 4 3 0.06 1.0 0.5 2056165773")
    let draw = SearchSpace.draw(seed: 1, number: 0).hyperparameters
    #expect(draw.family == .boostedTrees && draw.nulls == .missing)
  }

  @Test func aShortTrainingHasAQuarterOfTheTrees() {
    let draw = SearchSpace.draw(seed: 1, number: 0).hyperparameters
    var expected = draw
    (expected.trees, expected.learningRate) = (50, 0.48)
    #expect(draw.shortened == expected)
    expected.trees = 3
    #expect(expected.shortened.trees == 1)
  }

  @Test func seedsDiffer() {
    let draws = (0..<50).map { seed in
      (0..<10).map { SearchSpace.draw(seed: seed, number: $0).hyperparameters }
    }
    #expect(Set(draws).count == 50)
    #expect(Set((0..<1000).map { SearchSpace.sampleSeed(seed: 3, number: $0) }).count == 1000)
    #expect(
      SearchSpace.sampleSeed(seed: 3, number: 1) != SearchSpace.sampleSeed(seed: 4, number: 0))
  }

  @Test(arguments: [0, 1, 77, -1])
  func aHundredTrialsReachEveryCorner(seed: Int) {
    let draws = (0..<100).map { SearchSpace.draw(seed: seed, number: $0) }
    #expect(Set(draws.map(\.hyperparameters.maxDepth)) == [3, 4])
    #expect(Set(draws.map(\.hyperparameters.learningRate)).count == 4)
    #expect(Set(draws.map(\.hyperparameters.trees)).count == 6)
    #expect(Set(draws.map(\.hyperparameters)).count == 100)
  }

  @Test func pointsFillEachCoordinateEvenly() {
    for dimension in 0..<QuasiRandom.dimensions {
      var counts = [Int](repeating: 0, count: 10)
      for n in 0..<1000 {
        counts[QuasiRandom(seed: 9, n: n).pick(Array(0..<10), by: dimension)] += 1
      }
      // Chance alone would leave 95 to 105 in nearly every run.
      #expect(counts.allSatisfy { (95...105).contains($0) }, "\(counts)")
    }
  }

  @Test func settingsAreSpelledForXGBoost() {
    func spelled(_ settings: Hyperparameters) -> [String: String] {
      settings.parameters(seed: 5).reduce(into: [:]) { $0[$1.name] = $1.value }
    }
    #expect(
      spelled(.baseline) == [
        "tree_method": "hist", "max_bin": "128", "max_depth": "12", "min_child_weight": "1",
        "learning_rate": "1.0",
        "subsample": "0.632", "seed": "5", "objective": "reg:squarederror", "base_score": "0",
        "reg_lambda": "0", "num_parallel_tree": "10", "colsample_bynode": "0.3",
      ])
    #expect(Hyperparameters.baseline.rounds == 1)
    let boosted = Hyperparameters(
      family: .boostedTrees, trees: 70, maxDepth: 4, minChildWeight: 2, learningRate: 0.08,
      rowSample: 0.9, columnSample: 0.7, nulls: .missing)
    #expect(
      spelled(boosted) == [
        "tree_method": "hist", "max_bin": "128", "max_depth": "4", "min_child_weight": "2",
        "learning_rate": "0.08",
        "subsample": "0.9", "seed": "5", "objective": "binary:logistic", "base_score": "0.5",
        "reg_lambda": "1", "colsample_bytree": "0.7",
      ])
    #expect(boosted.rounds == 70)
  }
}
