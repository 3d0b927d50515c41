// Metrics by counting against metrics by definition.
import AtelierTesting
import Testing

@testable import LearningTools

@Suite struct RankingTests {
  /// Scores with many ties, and labels, by a fixed congruential generator.
  private func rows(_ count: Int, levels: UInt64, seed: UInt64) -> (
    scores: [Float], labels: [Float]
  ) {
    var state = seed
    func next(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    var scores: [Float] = []
    var labels: [Float] = []
    for _ in 0..<count {
      let label = next(3) == 0
      labels.append(label ? 1 : 0)
      scores.append(Float(next(levels) + (label ? levels / 3 : 0)) / Float(2 * levels))
    }
    return (scores, labels)
  }

  @Test(arguments: [(200, 5), (300, 1000), (150, 1)] as [(Int, UInt64)])
  func aucIsTheShareOfRightPairs(count: Int, levels: UInt64) throws {
    let (scores, labels) = rows(count, levels: levels, seed: 11)
    var twice: UInt64 = 0
    var pairs: UInt64 = 0
    for a in 0..<count where labels[a] == 1 {
      for b in 0..<count where labels[b] == 0 {
        pairs += 1
        twice += scores[a] > scores[b] ? 2 : scores[a] == scores[b] ? 1 : 0
      }
    }
    let ranking = try Ranking(scores: scores, labels: labels)
    #expect(ranking.auc == Ratio(numerator: twice, denominator: 2 * pairs))
  }

  @Test func aucOfExtremes() throws {
    #expect(try Ranking(scores: [0.1, 0.2, 0.9], labels: [0, 0, 1]).auc.text == "1")
    #expect(try Ranking(scores: [0.9, 0.2], labels: [0, 1]).auc.text == "0")
    #expect(try Ranking(scores: [0, -0.0], labels: [0, 1]).auc.text == "0.5")
  }

  @Test func confusionCountsRows() throws {
    let (scores, labels) = rows(500, levels: 8, seed: 3)
    let ranking = try Ranking(scores: scores, labels: labels)
    for threshold: Float in [0, 0.25, 0.5, 0.99] {
      func count(_ positive: Bool, _ label: Float) -> Int {
        zip(scores, labels).filter { ($0 > threshold) == positive && $1 == label }.count
      }
      #expect(
        ranking.confusion(threshold: threshold)
          == Confusion(
            trueNegatives: count(false, 0), falsePositives: count(true, 0),
            falseNegatives: count(false, 1), truePositives: count(true, 1)))
    }
  }

  @Test func accuracyIsAShare() {
    let counts = Confusion(trueNegatives: 5, falsePositives: 1, falseNegatives: 2, truePositives: 1)
    #expect(counts.accuracy.text == "0.666666666667")
  }

  @Test func aWholeCurveHoldsEveryScore() throws {
    let ranking = try Ranking(
      scores: [0.75, 0.75, 0.5, 0.25, 0.125], labels: [1, 0, 1, 0, 0])
    let curve = ranking.curve(limit: 1000).map {
      [$0.threshold, $0.falsePositiveRate.text, $0.truePositiveRate.text]
    }
    #expect(
      curve == [
        ["1.000001", "0", "0"], ["0.75", "0.333333333333", "0.5"],
        ["0.5", "0.333333333333", "1"], ["0.25", "0.666666666667", "1"],
        ["0.125", "1", "1"],
      ])
  }

  @Test(arguments: [3, 10, 50])
  func aThinnedCurveIsPartOfTheWholeOne(limit: Int) throws {
    let (scores, labels) = rows(2000, levels: 700, seed: 5)
    let ranking = try Ranking(scores: scores, labels: labels)
    let whole = ranking.curve(limit: 1_000_000)
    let thin = ranking.curve(limit: limit)
    #expect(whole.count == Set(scores).count + 1)
    #expect(thin.count <= limit && thin.count > limit / 2)
    #expect(Set(thin).isSubset(of: whole))
    #expect(thin.first == whole.first && thin.last == whole.last)
    let gaps = zip(thin, thin.dropFirst()).map {
      $1.falsePositiveRate.rounded + $1.truePositiveRate.rounded - $0.falsePositiveRate.rounded
        - $0.truePositiveRate.rounded
    }
    #expect(gaps.allSatisfy { $0 > 0 && $0 < 4 / Double(limit - 2) })
  }

  @Test func oneClassIsRefused() {
    #expect(
      stepFailure { try Ranking(scores: [0.1, 0.2], labels: [0, 0]) }
        == "AUC needs both classes, but 0 of 2 rows are positive")
  }
}
