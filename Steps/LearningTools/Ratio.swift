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

  /// A number from 0 up with 12 decimals at most; it must be below a million.
  package static func text(_ value: Double) -> String {
    text(UInt64((value * 1e12).rounded()), digits: Ratio.digits)
  }
}
