// A text cut into lines that can be joined to the same text again. It knows nothing of ini files.

/// One line and what ends it.
struct SourceLine: Sendable {
  var content: Substring
  /// `\n`, `\r\n`, `\r`, or nothing at the end of a file.
  var ending: Substring

  /// The lines of `text` as Python's universal newlines see them; no line after a final newline.
  static func split(_ text: String) -> [SourceLine] {
    let scalars = text.unicodeScalars
    var lines: [SourceLine] = []
    var start = scalars.startIndex
    while start < scalars.endIndex {
      let stop = scalars[start...].firstIndex { $0 == "\n" || $0 == "\r" } ?? scalars.endIndex
      var next = stop
      if stop < scalars.endIndex {
        next = scalars.index(after: stop)
        if scalars[stop] == "\r", next < scalars.endIndex, scalars[next] == "\n" {
          next = scalars.index(after: next)
        }
      }
      lines.append(
        SourceLine(
          content: Substring(scalars[start..<stop]), ending: Substring(scalars[stop..<next])))
      start = next
    }
    return lines
  }

  /// The text of the lines.
  static func join(_ lines: [SourceLine]) -> String {
    lines.reduce(into: "") { text, line in
      text += line.content
      text += line.ending
    }
  }
}
