// Writes numbers as people read them, with the same digits on every machine.

/// A format such as `,`, `.3` or `.1%`.
struct NumberFormat {
  private let decimals: Int
  private let isPercentage: Bool

  init?(_ text: Substring) {
    guard text != "," else {
      (decimals, isPercentage) = (0, false)
      return
    }
    var rest = text
    var decimals = 0
    if rest.first == "." {
      guard let digit = rest.dropFirst().first, digit.isASCII, let number = digit.wholeNumberValue
      else { return nil }
      decimals = number
      rest = rest.dropFirst(2)
    }
    guard !text.isEmpty, rest.isEmpty || rest == "%" else { return nil }
    self.decimals = decimals
    isPercentage = !rest.isEmpty
  }

  /// The number, rounded half away from zero, with commas between thousands.
  func text(_ number: Double) -> String {
    var scale = isPercentage ? 100.0 : 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (number.magnitude * scale).rounded()
    guard scaled < 9e15 else { return "\(number)" }
    let digits = String(Int64(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = number < 0 && scaled > 0 ? "\u{2212}" : ""
    return sign + Self.grouped(padded.dropLast(decimals))
      + (decimals > 0 ? "." + padded.suffix(decimals) : "") + (isPercentage ? "%" : "")
  }

  private static func grouped(_ digits: Substring) -> String {
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return result
  }
}
