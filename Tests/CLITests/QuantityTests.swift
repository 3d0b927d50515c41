// Sizes and ages as people write them.
import Testing

@testable import StoreVerbs

@Suite struct QuantityTests {
  @Test(arguments: [
    ("0s", 0), ("90m", 5_400_000), ("12h", 43_200_000), ("30d", 2_592_000_000),
    ("2 w", 1_209_600_000),
  ])
  func ages(_ text: String, _ milliseconds: Int64) {
    #expect(Quantity.age(text) == milliseconds)
  }

  @Test(arguments: [
    ("1000B", 1000), ("500MB", 500_000_000), ("20GiB", 20 << 30), ("3 kB", 3000),
  ])
  func sizes(_ text: String, _ bytes: Int64) { #expect(Quantity.size(text) == bytes) }

  @Test(arguments: [
    "", "5", "d", "-1d", "1.5d", "1y", "99999999999999999d", "9223372036854775807w",
  ])
  func otherTextsAreNone(_ text: String) {
    #expect(Quantity.age(text) == nil)
    #expect(Quantity.size(text) == nil)
  }
}
