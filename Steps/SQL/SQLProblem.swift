// DuckDB's complaint in the words of the user's file. It runs nothing.
import AtelierStep
import DuckDB

/// What DuckDB said of a script of ours, as a failure of the user's file and line.
struct SQLProblem {
  /// The failure.
  let failure: StepFailure

  /// Finds the line that DuckDB quotes in the user's text.
  init(_ message: String, _ text: SQLText, file: String, outputs: [String]) {
    if let mark = message.firstRange(of: SQLSession.mark) {
      let own = message[mark.upperBound...].prefix { $0 != "\n" }
      failure = StepFailure(String(own))
      return
    }
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let index = lines.firstIndex(where: { $0.hasPrefix("LINE ") }),
      let colon = lines[index].firstIndex(of: ":")
    else {
      failure = StepFailure("\(file): \(Self.plain(message))")
      return
    }
    var quoted = String(lines[index][colon...].dropFirst())
    for dots in ["...", " ..."] where quoted.hasSuffix(dots) { quoted.removeLast(dots.count) }
    quoted = String(quoted.drop { $0 == " " || $0 == "." })
    // Our own statement, which takes an output from the table of its name.
    if let output = outputs.first(where: { quoted == "FROM \(SQLName.quoted($0));" }) {
      failure = StepFailure(
        "\(file): expected a table or view '\(output)' for the output of that name"
          + (outputs.count == 1 ? ", or a query as the last statement" : ""))
      return
    }
    let what = Self.plain(lines[..<index].joined(separator: " "))
    let line = Self.line(of: quoted, in: text)
    let pointer = lines[(index + 1)...].first { $0.contains("^") }
    let picture = ([lines[index]] + (pointer.map { [$0] } ?? [])).joined(separator: "\n")
    failure = StepFailure("\(file)\(line.map { ":\($0)" } ?? ""): \(what)\n\(picture)")
  }

  private static func line(of quoted: String, in text: SQLText) -> Int? {
    guard !quoted.isEmpty else { return nil }
    for statement in text.statements {
      let lines = statement.text.split(separator: "\n", omittingEmptySubsequences: false)
      if let offset = lines.firstIndex(where: { $0.contains(quoted) }) {
        return statement.line + offset
      }
    }
    return nil
  }

  /// Without what tells of our own way to call DuckDB.
  private static func plain(_ message: String) -> String {
    var text = message
    if let start = text.firstRange(of: "DuckDB failed (exit 1): ") { text.removeSubrange(start) }
    return text.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ")
  }
}
