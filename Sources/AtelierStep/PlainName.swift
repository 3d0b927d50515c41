// The alphabet of names that stand in file names, targets and scripts. It knows no name.

/// Names of ASCII letters, digits and `_`.
package enum PlainName {
  /// Whether a text is such a name, and not empty; `-` counts unless told otherwise.
  package static func isPlain(_ text: some StringProtocol, hyphens: Bool = true) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
          true
        case UInt8(ascii: "-"): hyphens
        default: false
        }
      }
  }
}
