// Our own logarithm and exponential against libm, and bit for bit against golden values.
import CPortableMath
import Foundation
import Testing

@Suite struct PortableMathTests {
  /// Numbers of every size: a grid over [-1, 1] and each power of two times 1.37.
  static let numbers: [Double] =
    (-5000...5000).map { Double($0) / 5000 + 1e-7 }
    + (-1070...1020).map { Double(sign: .plus, exponent: $0, significand: 1.37) }

  @Test func logarithmIsWithinOneUlpOfLibm() {
    for x in Self.numbers where x > 0 {
      #expect(distance(cpm_log(x), Foundation.log(x)) <= 1, "log(\(x))")
    }
  }

  @Test func exponentialIsWithinOneUlpOfLibm() {
    for x in Self.numbers.map({ $0 * 745 }) + Self.numbers where abs(x) < 709 {
      #expect(distance(cpm_exp(x), Foundation.exp(x)) <= 1, "exp(\(x))")
      #expect(distance(cpm_exp(-x), Foundation.exp(-x)) <= 1, "exp(\(-x))")
    }
  }

  @Test(
    arguments: [
      (2.0, 0x3fe6_2e42_fefa_39ef), (0.1, 0xc002_6bb1_bbb5_5515), (1, 0),
      // 1e-310, subnormal: as a literal the compiler warns of it.
      (Double(bitPattern: 0x1268_8b70_e62b), 0xc086_4e69_394d_9508),
    ] as [(Double, UInt64)])
  func logarithmHasGoldenBits(x: Double, bits: UInt64) {
    #expect(cpm_log(x).bitPattern == bits)
  }

  @Test(
    arguments: [
      (1.0, 0x4005_bf0a_8b14_576a), (-5, 0x3f7b_993f_e00d_5376), (0, 0x3ff0_0000_0000_0000),
    ] as [(Double, UInt64)])
  func exponentialHasGoldenBits(x: Double, bits: UInt64) {
    #expect(cpm_exp(x).bitPattern == bits)
  }

  /// A fingerprint of many results: one other last bit anywhere changes it.
  @Test func manyResultsHaveGoldenBits() {
    var sum: UInt64 = 0
    for x in Self.numbers {
      sum = sum &* 31 &+ cpm_exp(x * 700).bitPattern
      if x > 0 { sum = sum &* 31 &+ cpm_log(x).bitPattern }
    }
    #expect(sum == 1_582_364_858_933_472_496)
  }

  @Test func edgesOfTheRange() {
    #expect(cpm_log(0) == -.infinity)
    #expect(cpm_log(.infinity) == .infinity)
    #expect(cpm_log(-1).bitPattern == 0x7ff8_0000_0000_0000)
    #expect(cpm_log(-.nan).bitPattern == 0x7ff8_0000_0000_0000)
    #expect(cpm_exp(.infinity) == .infinity)
    #expect(cpm_exp(-.infinity) == 0)
    #expect(cpm_exp(710) == .infinity)
    #expect(cpm_exp(-746) == 0)
    #expect(cpm_exp(.nan).bitPattern == 0x7ff8_0000_0000_0000)
  }

  private func distance(_ a: Double, _ b: Double) -> UInt64 {
    let (x, y) = (Int64(bitPattern: a.bitPattern), Int64(bitPattern: b.bitPattern))
    return (x - y).magnitude
  }
}
