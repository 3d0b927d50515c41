// How a prediction is written wherever it leaves the program, in a batch or from a server.

/// The text of a 32-bit float: the fewest digits that give it again, never with an exponent.
///
/// One way to write predictions, so that a batch and a server say the same digits, and so that readers
/// of exact decimals can read all of them.
package enum PredictionText {
  /// `0.25`, `1.0`, `0.00001`; the value must be finite.
  package static func text(_ value: Float) -> String {
    let short = value.description
    guard let mark = short.firstIndex(of: "e"),
      let exponent = Int(short[short.index(after: mark)...])
    else { return short }
    let mantissa = short[..<mark].drop { $0 == "-" }
    let sign = value < 0 ? "-" : ""
    let parts = mantissa.split(separator: ".")
    let fraction = parts.count == 2 ? parts[1] : ""
    let digits = String(parts.first ?? "0") + (fraction == "0" ? "" : fraction)
    // The digits have one in front of the point.
    guard exponent >= 0 else {
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    }
    let places = exponent + 1
    guard digits.count > places else {
      return sign + digits + String(repeating: "0", count: places - digits.count) + ".0"
    }
    return sign + digits.prefix(places) + "." + digits.dropFirst(places)
  }
}
