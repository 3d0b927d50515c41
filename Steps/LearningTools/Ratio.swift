// Exact shares and their decimal text. It knows nothing of what is counted.

/// A share of two counts, kept exact until it is written.
package struct Ratio: Hashable {
  package let numerator: UInt64
  package let denominator: UInt64

  package init(numerator: UInt64, denominator: UInt64) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The number of decimals that reports keep.
  package static let digits = 12
  private static let scale: UInt64 = 1_000_000_000_000

  /// The share rounded to 12 decimals, half to even; the double nearest to that decimal.
  package var rounded: Double { Double(scaled) / Double(Self.scale) }

  /// The share with 12 decimals at most, half to even, without trailing zeros.
  package var text: String { Decimals.text(scaled, digits: Self.digits) }

  private var scaled: UInt64 {
    let (quotient, rest) = (UInt128(numerator) * UInt128(Self.scale))
      .quotientAndRemainder(dividingBy: UInt128(denominator))
    let twice = rest * 2
    let up = twice > UInt128(denominator) || (twice == UInt128(denominator) && quotient % 2 == 1)
    return UInt64(quotient) + (up ? 1 : 0)
  }
}

/// Decimal texts of numbers from 0 up, free of the locale and of `printf`.
package enum Decimals {
  /// The text of a scaled integer without trailing zeros: 1230 with 3 digits is 1.23.
  package static func text(_ scaled: UInt64, digits: Int) -> String {
    let all = String(scaled)
    let padded = String(repeating: "0", count: max(0, digits + 1 - all.count)) + all
    var fraction = padded.suffix(digits)
    while fraction.last == "0" { fraction.removeLast() }
    let whole = padded.dropLast(digits)
    return fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
  }

  /// A share between 0 and 1 with 12 decimals at most.
  package static func text(_ value: Double) -> String {
    text(UInt64((value * 1e12).rounded()), digits: Ratio.digits)
  }

  /// A prediction between 0 and 1 with six decimals, half to even.
  ///
  /// A Float's 24 bits times 15625 x 2^6 fit a Double's 53, so the product is exact.
  package static func prediction(_ value: Float) -> String {
    var rest = UInt64((Double(value) * 1_000_000).rounded(.toNearestOrEven))
    // Written digit by digit into a small string, since there is one for each user.
    return String(unsafeUninitializedCapacity: 8) { text in
      for place in stride(from: 7, through: 0, by: -1) where place != 1 {
        text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      }
      text[1] = UInt8(ascii: ".")
      return 8
    }
  }
}
