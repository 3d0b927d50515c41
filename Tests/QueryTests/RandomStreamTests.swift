// The random numbers: golden values of an independent reimplementation, and their distributions.
import Testing

@testable import Query

@Suite struct RandomStreamTests {
  @Test func goldenBits() {
    var stream = RandomStream(seed: 7, user: 42)
    #expect(
      (0..<3).map { _ in stream.next() }
        == [0xe530_ffb1_f28c_e578, 0x996d_e173_8dd2_74e3, 0x5be1_d1da_1e7d_e7f7])
    var negative = RandomStream(seed: -1, user: 0)
    #expect(
      (0..<2).map { _ in negative.next() }
        == [0x0983_2129_65e7_b92a, 0x93cb_01ae_0f01_e8af])
  }

  @Test func neighboursShareNothing() {
    var first = RandomStream(seed: 1, user: 2)
    var second = RandomStream(seed: 2, user: 1)
    #expect(first.next() != second.next())
  }

  @Test(arguments: [0.1, 1, 5])
  func poissonHasItsMeanAndVariance(mean: Double) {
    var stream = RandomStream(seed: 11, user: 0)
    let count = 40_000
    let draws = (0..<count).map { _ in Double(stream.poisson(mean: mean)) }
    let average = draws.reduce(0, +) / Double(count)
    let variance = draws.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(count)
    let error = (mean / Double(count)).squareRoot()
    #expect(abs(average - mean) < 4 * error)
    // The variance of the sample variance is (mean + 2 mean^2) / n.
    #expect(abs(variance - mean) < 4 * ((mean + 2 * mean * mean) / Double(count)).squareRoot())
  }

  @Test func poissonOfNothingIsNothing() {
    var stream = RandomStream(seed: 3, user: 3)
    #expect((0..<100).allSatisfy { _ in stream.poisson(mean: 0) == 0 })
  }

  @Test func exponentialHasItsMeanAndMedian() {
    var stream = RandomStream(seed: 12, user: 0)
    let draws = (0..<40_000).map { _ in stream.exponential(mean: 24) }.sorted()
    let error: Double = 24 / 200  // mean / sqrt(n), for the mean and the median
    let mean: Double = draws.reduce(0, +) / 40_000
    #expect(abs(mean - 24) < 4 * error)
    #expect(abs(draws[20_000] - 16.635_532) < 4 * error)
    #expect((draws.first ?? -1) >= 0)
  }

  @Test func integersCoverTheirRange() {
    var stream = RandomStream(seed: 13, user: 0)
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<6000 { counts[Int(stream.integer(below: 6))] += 1 }
    #expect(counts.allSatisfy { abs(Double($0) - 1000) < 5 * 28.9 })
  }
}
