// Any text as a Swift string literal. It does not know what the text is for.

/// How a generated source spells a text.
public enum SwiftLiteral {
  /// A literal on one line whose value has the scalars of the text and no others.
  ///
  /// Printable ASCII stays as it is; line ends, controls and all other scalars are escapes, so that
  /// neither an editor nor a compiler can read the text as something else.
  public static func of(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "\n": literal += "\\n"
      case " "..."~": literal.unicodeScalars.append(scalar)
      default: literal += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return literal + "\""
  }
}
