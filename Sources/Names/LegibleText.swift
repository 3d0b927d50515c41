// Text in which everything can be seen: no control characters, and nothing that hides or turns what is around it.

/// Judges texts that people name things by, or write for others.
package enum LegibleText {
  /// Whether a text may be a name: one line without control characters, marks of direction, or characters
  /// that are not seen, by which two names could look the same.
  package static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.unicodeScalars.allSatisfy { isVisible($0) }
  }

  /// Whether a text may be a reason or a description: as a name, and with the joiners of scripts and emoji.
  package static func isLine(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { isVisible($0) || $0 == "\u{200C}" || $0 == "\u{200D}" }
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
    default: true
    }
  }
}
