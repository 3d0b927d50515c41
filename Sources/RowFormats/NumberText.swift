// Reads a decimal number as the nearest 32-bit float, whatever the locale.

/// Numbers as they stand in CSV and JSON.
enum NumberText {
  /// Powers of ten that a double holds exactly.
  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The float nearest to `[+-]digits[.digits][e[+-]digits]`; nil for anything else.
  ///
  /// Nil also for what no finite float is near to, such as `1e39`.
  static func float(_ text: UnsafeBufferPointer<UInt8>) -> Float? {
    var index = 0
    var negative = false
    if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      negative = text[index] == UInt8(ascii: "-")
      index += 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    // Beyond 18 digits the sum would not fit: the slow way takes it.
    var isLong = false
    func digit(_ index: Int) -> UInt64? {
      guard index < text.count, text[index] &- 0x30 < 10 else { return nil }
      return UInt64(text[index] &- 0x30)
    }
    func take(_ value: UInt64) {
      if mantissa < 100_000_000_000_000_000 {
        mantissa = mantissa * 10 + value
      } else {
        isLong = true
      }
    }
    while let value = digit(index) {
      take(value)
      digits += 1
      index += 1
    }
    if index < text.count, text[index] == UInt8(ascii: ".") {
      index += 1
      while let value = digit(index) {
        take(value)
        digits += 1
        exponent -= 1
        index += 1
      }
    }
    guard digits > 0 else { return nil }
    if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      var sign = 1
      if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
        sign = text[index] == UInt8(ascii: "-") ? -1 : 1
        index += 1
      }
      guard digit(index) != nil else { return nil }
      var value = 0
      while let next = digit(index) {
        // Larger ones mean nothing more: zero or no number.
        value = min(value * 10 + Int(next), 1_000_000)
        index += 1
      }
      exponent += sign * value
    }
    guard index == text.count else { return nil }
    if !isLong, mantissa < 1 << 53, exponent.magnitude <= 22 {
      let whole = Double(mantissa)
      let double = exponent < 0 ? whole / powers[-exponent] : whole * powers[exponent]
      // Correctly rounded to a double; once more to a float is right unless it lies halfway.
      if double.bitPattern & 0x1FFF_FFFF != 0x1000_0000, double == 0 || double >= 1.2e-38 {
        let float = Float(double)
        guard float.isFinite else { return nil }
        return negative ? -float : float
      }
    }
    guard let float = Float(String(decoding: text, as: UTF8.self)), float.isFinite else {
      return nil
    }
    return float
  }
}
