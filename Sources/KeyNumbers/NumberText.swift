// The one form in which numbers are shown to people: grouped, with as many decimals as they are worth.

/// Numbers as people read them, the same on every machine.
///
/// `12,701`, `870,442`, `33.1`, `2.63`, `0.912`. A number that is exact in fewer decimals has those:
/// `10` and not `10.00`.
package enum NumberText {
  /// No more decimals than these are ever shown.
  package static let mostDecimals = 12

  /// A number with three significant decimals or so.
  package static func text(_ value: Double) -> String { text(value, decimals: decimals(of: value)) }

  /// A number with a fixed count of decimals, grouped by commas.
  package static func text(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return "\(value)" }
    guard value.magnitude < 1e15 else { return "\(value)" }
    let digits = plain(value.magnitude, decimals)
    let parts = digits.split(separator: ".", maxSplits: 1)
    let whole = grouped(String(parts.first ?? "0"))
    let rest = parts.count > 1 ? ".\(parts[1])" : ""
    let isZero = digits.allSatisfy { $0 == "0" || $0 == "." }
    return (value < 0 && !isZero ? "-" : "") + whole + rest
  }

  /// The text of a number, as a table or a document has it, in this form with at most five decimals and its
  /// own sign; nil for what is no plain decimal number.
  package static func shown(_ text: String) -> String? {
    let sign = text.prefix { $0 == "+" || $0 == "-" }
    let digits = text.dropFirst(sign.count)
    guard sign.count < 2, digits.first?.isNumber == true, digits.utf8.count < 40,
      digits.allSatisfy({ $0 == "." || ("0"..."9").contains($0) }), let value = Double(digits),
      value < 1e15
    else { return nil }
    guard let dot = digits.firstIndex(of: ".") else { return sign + grouped(String(digits)) }
    let decimals = digits.distance(from: dot, to: digits.endIndex) - 1
    // What five decimals would hide stays as it is.
    guard value == 0 || value >= 0.001 || decimals <= 5 else { return nil }
    return sign + self.text(value, decimals: min(5, decimals))
  }

  /// A difference with its sign.
  package static func signed(_ value: Double, decimals: Int) -> String {
    let shown = text(value, decimals: decimals)
    return value > 0 && shown.contains(where: { ("1"..."9").contains($0) }) ? "+" + shown : shown
  }

  /// The decimals of a number: 0 for a whole one, else such that three digits or so count.
  package static func decimals(of value: Double) -> Int {
    if value == value.rounded() || !value.isFinite { return 0 }
    let size = value.magnitude
    var most = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3
    var scaled = size
    while scaled < 0.1, most < mostDecimals {
      scaled *= 10
      most += 1
    }
    // What is as good as exact in fewer needs no zeros: 0.5 stays 0.5.
    return (0..<most).first { isExact(value, $0) } ?? most
  }

  /// The decimals with which two different numbers look different, too.
  package static func decimals(of a: Double, _ b: Double) -> Int {
    var count = max(decimals(of: a), decimals(of: b))
    while a != b, count < mostDecimals, text(a, decimals: count) == text(b, decimals: count) {
      count += 1
    }
    return count
  }

  private static func isExact(_ value: Double, _ decimals: Int) -> Bool {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    return ((value * scale).rounded() / scale - value).magnitude <= value.magnitude * 1e-12
  }

  private static func plain(_ value: Double, _ decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value * scale).rounded()
    // Beyond this a double has no decimals that mean anything.
    guard scaled < 9e18 else { return String(Int64(value.rounded())) }
    let digits = String(Int64(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return String(padded.dropLast(decimals))
      + (decimals > 0 ? "." + String(padded.suffix(decimals)) : "")
  }

  private static func grouped(_ digits: String) -> String {
    var out = ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { out.append(",") }
      out.append(digit)
    }
    return out
  }
}
