// Why a job or an execution failed, in a line without what a service repeats of the request.
import Content

/// Turns errors of executions into words.
package enum FailureWords {
  /// Characters of a reason.
  private static let longest = 500

  /// An error with its cause.
  package static func of(error: String, cause text: String?) -> String {
    let words = text.map(cause) ?? ""
    return words.isEmpty ? error : "\(error): \(words)"
  }

  /// A cause: of a job's description only the reason and the message, since the rest of it repeats
  /// the request.
  package static func cause(_ text: String) -> String {
    guard let value = try? JSONValue(parsing: text), value.object != nil else {
      return cut(text)
    }
    let words = ["FailureReason", "ExitMessage", "errorMessage", "ErrorMessage"]
      .compactMap { value[$0]?.string }
    return words.isEmpty ? "the job failed and gave no reason" : cut(words.joined(separator: "; "))
  }

  /// A text with `{...}` for each JSON in it.
  ///
  /// A service repeats inputs in a cause, cut where they are long: from what has no end, or is not
  /// JSON to its end, nothing more is shown.
  private static func withoutJSON(_ text: String) -> String {
    var shown = ""
    var rest = Substring(text)
    while let start = rest.indices.first(where: { begins(rest[$0...]) }) {
      shown += rest[..<start] + "{...}"
      guard let end = end(of: rest[start...]),
        (try? JSONValue(parsing: String(rest[start..<end]))) != nil
      else { return shown }
      rest = rest[end...]
    }
    return shown + rest
  }

  /// Whether a text begins like an object, or like an array of objects, arrays or texts.
  private static func begins(_ text: Substring) -> Bool {
    guard text.first != "{" else { return true }
    guard text.first == "[", let next = text.dropFirst().first(where: { !$0.isWhitespace }) else {
      return false
    }
    return "{[\"\\".contains(next)
  }

  /// Where the object or array ends that a text begins with; nil where it does not.
  private static func end(of text: Substring) -> String.Index? {
    var (depth, isText, isEscaped) = (0, false, false)
    for index in text.indices {
      let character = text[index]
      if isText {
        if !isEscaped, character == "\"" { isText = false }
        isEscaped = !isEscaped && character == "\\"
      } else if character == "\"" {
        isText = true
      } else if character == "{" || character == "[" {
        depth += 1
      } else if character == "}" || character == "]" {
        depth -= 1
        if depth == 0 { return text.index(after: index) }
      }
    }
    return nil
  }

  private static func cut(_ text: String) -> String {
    var line = withoutJSON(text).split(whereSeparator: \.isNewline).joined(separator: " ")
    // Another sentence follows.
    while line.last == "." || line.last == " " { line.removeLast() }
    return line.count > longest ? line.prefix(longest - 3) + "..." : line
  }
}
