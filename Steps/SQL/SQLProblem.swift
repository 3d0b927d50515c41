// DuckDB's complaint in the words of the user's file. It runs nothing.
import AtelierStep
import DuckDB

/// What DuckDB said of a script of ours, as a failure of the user's file and line.
struct SQLProblem {
  /// The failure.
  let failure: StepFailure

  /// Finds the line that DuckDB names; where it names none, the failure is at the statement that `begun` is
  /// the line of.
  init(_ message: String, file: String, outputs: [String], begun: Int?) {
    if let mark = message.firstRange(of: SQLSession.mark) {
      let own = message[mark.upperBound...].prefix { $0 != "\n" }
      failure = StepFailure(String(own))
      return
    }
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let index = lines.firstIndex(where: { $0.hasPrefix("LINE ") }),
      let colon = lines[index].firstIndex(of: ":"),
      let line = Int(lines[index][..<colon].dropFirst("LINE ".count))
    else {
      failure = StepFailure("\(file)\(begun.map { ":\($0)" } ?? ""): \(Self.plain(message))")
      return
    }
    let quoted = lines[index][colon...].dropFirst().drop { $0 == " " }
    // Our own statement, which takes an output from the table of its name.
    if let output = outputs.first(where: { quoted.hasPrefix("FROM \(SQLName.quoted($0));") }) {
      failure = StepFailure(
        "\(file): expected a table or view '\(output)' for the output of that name"
          + (outputs.count == 1 ? ", or a query as the last statement" : ""))
      return
    }
    let what = Self.plain(lines[..<index].joined(separator: " "))
    let own = line > SQLSession.lead ? line - SQLSession.lead : nil
    let head = own.map { "LINE \($0)" } ?? String(lines[index][..<colon])
    var picture = head + lines[index][colon...]
    if let pointer = lines[(index + 1)...].first(where: { $0.contains("^") }) {
      // The pointer stays below what it points at.
      picture += "\n" + pointer.dropFirst(lines[index][..<colon].count - head.count)
    }
    failure = StepFailure("\(file)\(own.map { ":\($0)" } ?? ""): \(what)\n\(picture)")
  }

  /// Without what tells of our own way to call DuckDB.
  private static func plain(_ message: String) -> String {
    var text = message
    if let start = text.firstRange(of: "DuckDB failed (exit 1): ") { text.removeSubrange(start) }
    return text.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ")
  }
}
