// Turns texts of others into HTML that cannot be anything but text.
import KeyNumbers

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

  /// A number as people read it; its exact text goes with it.
  static func number(_ text: String) -> String {
    guard let shown = NumberText.shown(text), shown != text else { return escape(text) }
    return
      "<data value=\"\(escape(text))\" title=\"\(escape(text))\">\(minus(escape(shown)))</data>"
  }

  /// A text with a minus sign for the hyphen of each number that begins it or a parenthesis.
  static func minus(_ text: String) -> String {
    (text.hasPrefix("-") ? "\u{2212}" + text.dropFirst() : text).replacing("(-", with: "(\u{2212}")
  }

  /// `2026-11-21T20:52:33Z` as date and time, as it was recorded.
  static func moment(_ text: String) -> String {
    let escaped = escape(text)
    guard text.count == 20, text.hasSuffix("Z") else { return escaped }
    let shown = escape("\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC")
    return "<time datetime=\"\(escaped)\">\(shown)</time>"
  }

  /// `1,234,567`.
  static func grouped(_ number: Int) -> String { NumberText.text(Double(number), decimals: 0) }

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
