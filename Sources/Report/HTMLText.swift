// Turns texts of others into HTML that cannot be anything but text.

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Text for content and attributes.
enum HTMLText {
  /// A text that ends no element and no attribute, and hides nothing.
  ///
  /// What would steer the reading direction, hide itself or is no character is shown by its number.
  static func escape(_ text: some StringProtocol) -> String {
    var out = String.UnicodeScalarView()
    out.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out.append(contentsOf: "&amp;".unicodeScalars)
      case "<": out.append(contentsOf: "&lt;".unicodeScalars)
      case ">": out.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": out.append(contentsOf: "&quot;".unicodeScalars)
      case "'": out.append(contentsOf: "&#39;".unicodeScalars)
      case "\n", "\t": out.append(scalar)
      default:
        if isHidden(scalar) {
          let number = String(scalar.value, radix: 16, uppercase: true)
          let padded = String(repeating: "0", count: max(0, 4 - number.count)) + number
          out.append(contentsOf: "\u{2039}U+\(padded)\u{203A}".unicodeScalars)
        } else {
          out.append(scalar)
        }
      }
    }
    return String(out)
  }

  /// The beginning of a text of at most so many characters; what is cut is told.
  static func cut(_ text: String, to limit: Int) -> String {
    // One character may be endlessly many marks over each other, so these are counted first.
    let start = String(text.unicodeScalars.prefix(limit * 4)).prefix(limit)
    guard start.utf8.count < text.utf8.count else { return escape(text) }
    return escape(start) + "\u{2026} (\(count(text.utf8.count, "byte")), cut)"
  }

  /// A coordinate with at most one decimal, the same on every machine.
  static func coordinate(_ value: Double) -> String {
    guard value.magnitude < 1e9 else { return "0" }
    let tenths = Int((value * 10).rounded())
    let whole = "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10)"
    return tenths % 10 == 0 ? whole : "\(whole).\(tenths.magnitude % 10)"
  }

  /// A name that may be broken between its parts, and nowhere else before there is no room.
  static func name(_ text: String, limit: Int = 200) -> String {
    var out = ""
    var isLower = false
    for character in cut(text, to: limit) {
      if isLower, character.isUppercase { out += "<wbr>" }
      out.append(character)
      if "._/=".contains(character) { out += "<wbr>" }
      isLower = character.isLowercase
    }
    return out
  }

  /// A number as people read it, at most five decimals; its exact text goes with it.
  static func number(_ text: String) -> String {
    guard let shown = rounded(text), shown != text else { return escape(text) }
    return "<data value=\"\(escape(text))\" title=\"\(escape(text))\">\(escape(shown))</data>"
  }

  private static func rounded(_ text: String) -> String? {
    let sign = text.prefix { "+-".contains($0) }
    let digits = text.dropFirst(sign.count)
    guard sign.count < 2, digits.first?.isNumber == true, digits.utf8.count < 40,
      digits.allSatisfy({ $0 == "." || ("0"..."9").contains($0) })
    else { return nil }
    if let whole = Int(digits) { return whole < 10_000 ? nil : sign + grouped(whole) }
    guard let value = Double(digits), value >= 0.001, value < 1e9,
      let dot = digits.firstIndex(of: "."), digits[dot...].utf8.count > 6
    else { return nil }
    let scaled = Int((value * 100_000).rounded())
    return sign + "\(scaled / 100_000)." + "\(100_000 + scaled % 100_000)".dropFirst()
  }

  /// `1,234,567`.
  static func grouped(_ number: Int) -> String {
    var out = ""
    let digits = String(number.magnitude)
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { out.append(",") }
      out.append(digit)
    }
    return (number < 0 ? "-" : "") + out
  }

  /// `1 row`, `3 rows`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A link that holds the bytes themselves.
  static func dataURI(_ bytes: [UInt8], mediaType: String) -> String {
    // The type comes from an artifact: it must not end the attribute nor the type.
    let type = mediaType.filter {
      $0.isASCII && ($0.isLetter || $0.isNumber || "/+.-".contains($0))
    }
    return "data:\(type);base64,\(Data(bytes).base64EncodedString())"
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
    default: scalar.properties.isNoncharacterCodePoint
    }
  }
}
