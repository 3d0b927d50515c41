// The lines of a text that others wrote, whichever line ends they used. It knows no format.

/// Splits texts into lines.
///
/// A Swift `Character` may be a carriage return with the line feed after it, so a search for the
/// character "\n" finds no line end in a text of Windows.
public enum TextLines {
  /// The lines of a text without their ends: LF, CR LF, or a CR alone.
  ///
  /// A text that ends with a line end has an empty line after it.
  public static func of(_ text: some StringProtocol) -> [Substring] {
    let text = Substring(text)
    let bytes = text.utf8
    var lines: [Substring] = []
    var start = bytes.startIndex
    var index = start
    while index < bytes.endIndex {
      let byte = bytes[index]
      let next = bytes.index(after: index)
      guard byte == 0x0A || byte == 0x0D else {
        index = next
        continue
      }
      lines.append(text[start..<index])
      index = next
      if byte == 0x0D, index < bytes.endIndex, bytes[index] == 0x0A {
        index = bytes.index(after: index)
      }
      start = index
    }
    lines.append(text[start...])
    return lines
  }
}
