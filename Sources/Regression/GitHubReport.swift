// A check inside GitHub Actions: annotations, and the table as the step's summary.
import Baselines
import CSystem
import Project
import Terminal

package struct GitHubReport {
  /// A summary is cut here: GitHub shows no more than a mebibyte.
  private static let mostRows = 200
  private let summaryPath: String?
  private let output: Console

  /// nil outside GitHub Actions.
  package init?(_ variables: [String: String], _ output: Console) {
    guard variables["GITHUB_ACTIONS"] == "true" else { return nil }
    self.output = output
    summaryPath = variables["GITHUB_STEP_SUMMARY"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Annotates every regression and appends the table.
  package func show(_ report: CheckReport) throws {
    for result in report.results where result.verdict.isRegression {
      let lines = [CheckMessage.line(result)] + (report.details[result.name] ?? [])
      annotate(report.file, result.name, lines.joined(separator: "\n"))
    }
    let rows = report.results.flatMap(CheckRow.rows).map(\.cells)
    var text = "### \(Self.cell(report.file.shown)): \(report.counts)\n\n"
    if !report.keyLines.isEmpty {
      text += report.keyLines.map { "- \(Self.cell($0))\n" }.joined() + "\n"
    }
    if !rows.isEmpty {
      text += Self.row(CheckRow.columns) + Self.row(CheckRow.columns.map { _ in "---" })
      text += rows.prefix(Self.mostRows).map { Self.row($0.map(Self.cell)) }.joined()
      if rows.count > Self.mostRows { text += "\n\(rows.count - Self.mostRows) more rows\n" }
    }
    for result in report.results {
      guard let lines = report.details[result.name] else { continue }
      text += "\n**\(Self.cell(result.name))**\n\n"
      text += lines.map { "- \(Self.cell($0))\n" }.joined()
    }
    append(text + "\n")
  }

  /// Annotates steps that failed, so that nothing was compared.
  package func failed(_ file: CheckFile, _ failures: [(step: String, message: String)]) {
    for failure in failures { annotate(file, failure.step, "the step failed: \(failure.message)") }
    append(
      "### \(Self.cell(file.shown)): nothing was compared\n\n"
        + failures.map { "- \(Self.cell($0.step)) failed: \(Self.cell($0.message))\n" }.joined()
        + "\n")
  }

  /// A command that the runner reads from either stream; standard output is for data.
  private func annotate(_ file: CheckFile, _ title: String, _ message: String) {
    output.error(
      "::error file=\(Self.property(file.shown)),line=\(file.line(of: title)),"
        + "title=\(Self.property(title))::\(Self.escaped(message))")
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  private static func property(_ text: String) -> String {
    escaped(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }

  private static func row(_ cells: [String]) -> String {
    "| \(cells.joined(separator: " | ")) |\n"
  }

  /// Text that Markdown shows as it is.
  private static func cell(_ text: String) -> String {
    var out = ""
    for character in text {
      switch character {
      case "|", "\\", "*", "_", "`", "[", "]", "#", "~": out += "\\\(character)"
      case "<": out += "&lt;"
      case "&": out += "&amp;"
      case "\n", "\r", "\r\n": out += " "
      default: out.append(character)
      }
    }
    return out
  }

  private func append(_ text: String) {
    guard let summaryPath else { return }
    do {
      try FileSystem.append(Array(text.utf8), to: summaryPath)
    } catch {
      // The verdict counts, not where it is shown.
      output.error("note: \(error)")
    }
  }
}
