// Decimal texts: rounding, padding and limits.
import Foundation
import Testing

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

  @Test func predictionsHaveSixDecimals() {
    #expect(Decimals.prediction(0) == "0.000000")
    #expect(Decimals.prediction(1) == "1.000000")
    #expect(Decimals.prediction(0.5) == "0.500000")
    // 1/128 = 0.0078125 and 3/128 = 0.0234375 lie half way between two texts.
    #expect(Decimals.prediction(1 / 128) == "0.007812")
    #expect(Decimals.prediction(3 / 128) == "0.023438")
    #expect(Decimals.prediction(0.99999994) == "1.000000")
  }

  @Test func predictionsMatchAnExactDecimal() {
    for index in 0..<2000 {
      let value = Float(index) / 2003
      #expect(Decimals.prediction(value) == String(format: "%.6f", Double(value)))
    }
  }
}
