// A check as JUnit XML, which CI systems show: a test case an output.
import Baselines
import Terminal

package enum JUnit {
  /// What one check is in a document.
  package struct Suite {
    fileprivate let text: String
    fileprivate let tests, failures, errors: Int
  }

  /// The suite of a check that compared.
  package static func report(_ report: CheckReport) -> Suite {
    let cases = report.results.map { result -> String in
      let head = testCase(result.name, of: report.file)
      if result.verdict.isRegression {
        let rows = CheckRow.rows(result).map { $0.cells.dropFirst().joined(separator: "  ") }
        return head + ">\n      <failure type=\"\(result.verdict.rawValue)\" message=\""
          + escaped(CheckMessage.line(result)) + "\">"
          + escaped((rows + (report.details[result.name] ?? [])).joined(separator: "\n"))
          + "</failure>\n    </testcase>\n"
      }
      guard result.verdict == .notComparable else { return head + "/>\n" }
      return head
        + ">\n      <skipped message=\"bytes of another platform\"/>\n    </testcase>\n"
    }
    return suite(
      report.file, cases, failures: report.results.count { $0.verdict.isRegression }, errors: 0,
      skipped: report.count(.notComparable), seconds: report.seconds)
  }

  /// The suite of a check whose steps failed.
  package static func failed(_ file: CheckFile, _ failures: [(step: String, message: String)])
    -> Suite
  {
    let cases = failures.map { step, message in
      testCase(step, of: file) + ">\n      <error type=\"failed\" message=\"the step failed\">"
        + escaped(message) + "</error>\n    </testcase>\n"
    }
    return suite(file, cases, failures: 0, errors: cases.count, skipped: 0, seconds: 0)
  }

  private static func testCase(_ name: String, of file: CheckFile) -> String {
    "    <testcase classname=\"\(escaped(file.shown))\" name=\"\(escaped(name))\""
  }

  private static func suite(
    _ file: CheckFile, _ cases: [String], failures: Int, errors: Int, skipped: Int, seconds: Double
  ) -> Suite {
    Suite(
      text: "  <testsuite name=\"\(escaped(file.shown))\" "
        + "\(counts(cases.count, failures, errors)) skipped=\"\(skipped)\" "
        + "time=\"\(Text.fixed(seconds, 3))\">\n" + cases.joined() + "  </testsuite>\n",
      tests: cases.count, failures: failures, errors: errors)
  }

  /// The document of some checks.
  package static func document(_ suites: [Suite]) -> [UInt8] {
    func sum(_ count: (Suite) -> Int) -> Int { suites.reduce(0) { $0 + count($1) } }
    let counts = counts(sum(\.tests), sum(\.failures), sum(\.errors))
    let text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites \(counts)>\n"
      + suites.map(\.text).joined() + "</testsuites>\n"
    return Array(text.utf8)
  }

  private static func counts(_ tests: Int, _ failures: Int, _ errors: Int) -> String {
    "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\""
  }

  /// Text for content and attributes; what XML 1.0 cannot hold becomes a question mark.
  private static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "\n", "\t": out += "&#\(scalar.value);"
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": out += "?"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}

/// A regression in one line.
package enum CheckMessage {
  package static func line(_ result: EntryResult) -> String {
    switch result.verdict {
    case .missing: return "the output is missing"
    case .extra: return "the output is not in the baseline"
    case .renamed: return "the output is now called \(result.newName ?? "")"
    case .same, .within, .moved, .notComparable:
      // A number says more than a digest.
      let moved = result.findings.filter { $0.verdict == .moved }
      let told = moved.filter { $0.value != "bytes" }
      guard let first = (told.isEmpty ? moved : told).first else { return "it moved" }
      let cells = CheckRow.rows(
        EntryResult(name: result.name, verdict: .moved, findings: [first])
      ).first?.cells
      guard let cells else { return "it moved" }
      let more = moved.count > 1 ? ", and \(moved.count - 1) more" : ""
      return "\(cells[1]): \(cells[2]) -> \(cells[3])"
        + (cells[4].isEmpty ? "" : ", moved by \(cells[4])") + ", tolerance \(cells[5])\(more)"
    }
  }
}
