// Points that fill a cube evenly, in integer arithmetic. It knows nothing of hyperparameters.

/// The additive recurrence of the generalised golden ratio (Roberts' R sequence) with a seeded
/// shift: point n depends on the seed and n alone, and any run of points is spread evenly.
struct QuasiRandom {
  /// 2^64 / x^(j+1) for j = 0...6, where x is the root of x^8 = x + 1 above 1, rounded down.
  private static let steps: [UInt64] = [
    0xe95e_1dd1_7d35_800d, 0xd4bc_74e1_3f3c_782e, 0xc1ed_bc5b_5c68_ac24, 0xb0c8_ac50_f0ed_ef5c,
    0xa127_a31c_56d1_cdb5, 0x92e8_52c8_0d15_3db2, 0x85eb_75c3_0243_85c3,
  ]
  /// The number of coordinates.
  static let dimensions = steps.count

  private let point: [UInt64]

  /// Point number `n` of a seed's sequence.
  init(seed: Int, n: Int) {
    let seed = UInt64(bitPattern: Int64(seed))
    let n = UInt64(bitPattern: Int64(n))
    point = Self.steps.enumerated().map { index, step in
      Self.mix(seed &+ UInt64(index + 1) &* 0x9e37_79b9_7f4a_7c15) &+ n &* step
    }
  }

  /// One of the values, each with the same share of the coordinate's range.
  func pick<Value>(_ values: [Value], by dimension: Int) -> Value {
    values[Int(point[dimension].multipliedFullWidth(by: UInt64(values.count)).high)]
  }

  /// The output function of SplitMix64, a bijection that scatters neighbouring seeds.
  static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
