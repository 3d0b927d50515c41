// Decimal texts: rounding, padding and limits.
import AtelierTesting
import Testing
import XGBoost

@testable import LearningTools

@Suite struct RatioTests {
  @Test func roundsToTwelveDecimalsHalfToEven() {
    #expect(Ratio(numerator: 2, denominator: 3).text == "0.666666666667")
    #expect(Ratio(numerator: 1, denominator: 8).text == "0.125")
    #expect(Ratio(numerator: 1, denominator: 2_000_000_000_000).text == "0")
    #expect(Ratio(numerator: 3, denominator: 2_000_000_000_000).text == "0.000000000002")
    #expect(Ratio(numerator: 7, denominator: 7).text == "1")
    #expect(Ratio(numerator: 1 << 61, denominator: 3 << 60).text == "0.666666666667")
  }

  @Test func theDoubleIsTheOneNearestToTheText() {
    for denominator: UInt64 in [3, 7, 40_000, 99_991, 433_000_001] {
      for part: UInt64 in 1...20 {
        let ratio = Ratio(numerator: denominator * part / 21, denominator: denominator)
        #expect(Double(ratio.text) == ratio.rounded)
        #expect(Decimals.text(ratio.rounded) == ratio.text)
      }
    }
  }

  @Test("data D17: a prediction has the fewest digits that give it again, and no exponent")
  func predictionsAreExact() {
    for (value, text) in [
      (0, "0.0"), (1, "1.0"), (0.5, "0.5"), (0.9300003, "0.9300003"), (1e-5, "0.00001"),
      (-2.5e-7, "-0.00000025"), (1.5e16, "15000000000000000.0"), (16_777_216, "16777216.0"),
      (1.1754944e-38, "0." + String(repeating: "0", count: 37) + "11754944"),
    ] as [(Float, String)] {
      #expect(PredictionText.text(value) == text)
    }
    var generator = SeededGenerator(state: 3)
    for _ in 0..<20_000 {
      let value = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))
      guard value.isFinite else { continue }
      let text = PredictionText.text(value)
      #expect(Float(text)?.bitPattern == value.bitPattern && !text.contains("e"), "\(text)")
      #expect(Double(text) == Double(value.description))
    }
  }
}
