// Numbers and truth values as ConfigParser's getint, getfloat and getboolean read them. It knows
// nothing of sections, files or errors.

/// The conversions of ConfigParser's typed getters.
package enum PythonValues {
  /// What `int(text)` gives, if it fits 64 bits; underscores may part digits.
  package static func integer(_ text: String) -> Int? {
    guard var digits = asciiNumber(text) else { return nil }
    let sign = takeSign(&digits)
    guard isDigits(digits) else { return nil }
    return Int(sign + digits.filter { $0 != "_" })
  }

  /// What `float(text)` gives.
  package static func double(_ text: String) -> Double? {
    guard var body = asciiNumber(text)?.lowercased() else { return nil }
    let sign = takeSign(&body)
    guard ["inf", "infinity", "nan"].contains(body) || isDecimal(body) else { return nil }
    return Double(sign + body.filter { $0 != "_" })
  }

  /// 1, yes, true, on or 0, no, false, off in any case.
  package static func boolean(_ text: String) -> Bool? {
    switch text.pythonLowered {
    case "1", "yes", "true", "on": true
    case "0", "no", "false", "off": false
    default: nil
    }
  }

  /// The text without white space around it and with any script's digits as ASCII ones.
  private static func asciiNumber(_ text: String) -> String? {
    // Python's number readers, unlike `strip`, do not skip the four separator controls.
    let isSpace = { (scalar: Unicode.Scalar) in
      scalar.isPythonSpace && !(0x1C...0x1F).contains(scalar.value)
    }
    let head = text.unicodeScalars.drop(while: isSpace)
    let tail = head.reversed().drop(while: isSpace).reversed()
    var result = ""
    for scalar in tail {
      if scalar.isASCII {
        result.unicodeScalars.append(scalar)
      } else if scalar.properties.numericType == .decimal,
        let value = scalar.properties.numericValue
      {
        result += String(Int(value))
      } else {
        return nil
      }
    }
    return result
  }

  private static func takeSign(_ text: inout String) -> String {
    guard let first = text.utf8.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
    else { return "" }
    text = String(text.dropFirst())
    return first == UInt8(ascii: "-") ? "-" : ""
  }

  /// Whether there are digits, perhaps parted by single underscores.
  private static func isDigits(_ text: some StringProtocol) -> Bool {
    text.split(separator: "_", omittingEmptySubsequences: false)
      .allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
      }
  }

  /// Whether this is `digits [. digits] [e [sign] digits]` with digits on one side of the point.
  private static func isDecimal(_ text: String) -> Bool {
    let halves = text.split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
    if halves.count == 2 {
      var exponent = String(halves[1])
      _ = takeSign(&exponent)
      guard isDigits(exponent) else { return false }
    }
    let parts = halves[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return isDigits(halves[0]) }
    return parts.contains { !$0.isEmpty } && parts.allSatisfy { $0.isEmpty || isDigits($0) }
  }
}
