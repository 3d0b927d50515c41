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

  private static func cut(_ text: String) -> String {
    var line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    // Another sentence follows.
    while line.last == "." || line.last == " " { line.removeLast() }
    return line.count > longest ? line.prefix(longest - 3) + "..." : line
  }
}
