// The random numbers of one user: integers and IEEE arithmetic alone. It knows no event.
import CPortableMath

/// A stream that depends on a seed and a user number alone (xoshiro256**, seeded by SplitMix64).
struct RandomStream {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  init(seed: Int, user: Int) {
    // The seed is mixed before the user is added, so that (seed, user + 1) is no (seed + 1, user).
    var state = UInt64(bitPattern: Int64(seed))
    state = splitMix(&state) &+ UInt64(bitPattern: Int64(user))
    s0 = splitMix(&state)
    s1 = splitMix(&state)
    s2 = splitMix(&state)
    s3 = splitMix(&state)
  }

  /// 64 random bits.
  mutating func next() -> UInt64 {
    let result = rotate(s1 &* 5, 7) &* 9
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotate(s3, 45)
    return result
  }

  /// A number in [0, 1) with 53 random bits.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// An integer in [0, bound); its bias is below bound / 2^64.
  mutating func integer(below bound: UInt64) -> UInt64 {
    next().multipliedFullWidth(by: bound).high
  }

  /// A Poisson draw by inversion, for a small mean.
  mutating func poisson(mean: Double) -> Int {
    let draw = uniform()
    var term = cpm_exp(-mean)
    var sum = term
    var count = 0
    // The term reaches 0 even where rounding keeps the sum below the draw.
    while draw >= sum && term > 0 {
      count += 1
      term *= mean / Double(count)
      sum += term
    }
    return count
  }

  /// An exponential draw.
  mutating func exponential(mean: Double) -> Double { -mean * cpm_log(1 - uniform()) }
}

private func rotate(_ x: UInt64, _ count: UInt64) -> UInt64 { x << count | x >> (64 - count) }

/// Steele, Lea and Flood's SplitMix64.
private func splitMix(_ state: inout UInt64) -> UInt64 {
  state &+= 0x9E37_79B9_7F4A_7C15
  var z = state
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
