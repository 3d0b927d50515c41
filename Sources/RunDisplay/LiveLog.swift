// The lines that stay above the live block: what matters once, what repeats counted.

import Execution
import Terminal

/// Chooses and words the permanent lines of a run.
///
/// The number of lines does not grow with the number of steps.
package struct LiveLog {
  private var built: Folding
  private var skipped: Folding
  private var failed: Folding
  private var retries: Folding
  private var warnings: Folding
  private var notices: Folding
  private let workshop: String
  private let root: String
  private let verbose: Bool

  /// A log for a run of that many nodes; with `verbose` nothing is folded.
  ///
  /// Paths of deliveries below `root` are shown from there.
  package init(workshop: String, nodes: Int, verbose: Bool, root: String = "") {
    self.workshop = workshop
    self.root = root
    self.verbose = verbose
    // What fits a screen is shown as it is.
    let isSmall = nodes <= 20
    func folding(_ limit: Int) -> Folding { Folding(limit: verbose ? .max : limit) }
    built = folding(isSmall ? .max : 3)
    skipped = folding(isSmall ? .max : 3)
    failed = folding(10)
    retries = folding(5)
    warnings = folding(1)
    notices = folding(20)
  }

  /// The lines to show for the end of a node; `done` of `total` have ended.
  ///
  /// Lines that repeat what the store can tell are cut to the width; failures never are.
  package mutating func lines(
    _ report: NodeReport, done: Int, total: Int, width: Int
  ) -> [StyledLine] {
    let text = RunText.line(report, done: done, total: total, root: root)
    var lines: [StyledLine] = []
    switch report.status {
    case .hit, .source, .selected, .unchanged:
      if verbose { lines = [StyledLine(text, .dim).cut(to: width)] }
    case .built:
      let stage = String(report.name.prefix { $0 != "." })
      let reason = report.explanation?.kind ?? ""
      lines = built.admit(
        [StyledLine(text).cut(to: width)], group: "\(stage) \(reason)",
        sentence: "built in \(stage): \(reason)")
    case .delivered:
      // Where an export lies is news that nothing else tells.
      lines = [StyledLine(text, .green)]
    case .skipped, .notTaken:
      let word = report.status == .skipped ? "not run" : "not taken"
      let message = "\(word): \(report.message ?? "")"
      lines = skipped.admit(
        [StyledLine(text, .dim).cut(to: width)], group: message, sentence: message)
    case .failed:
      lines = failed.admit(
        [StyledLine(text, .red)] + RunText.failure(report).map { StyledLine($0) },
        group: "", sentence: "failed; `atelier log \(workshop)/STEP` shows what a step said")
    }
    for warning in report.warnings {
      lines += warnings.admit(
        [StyledLine("warning: \(report.name): \(warning)", .yellow)], group: warning,
        sentence: "steps with the warning: \(warning)")
    }
    return lines
  }

  /// The lines to show for a failed attempt.
  package mutating func retry(_ name: String, _ failed: FailedAttempt) -> [StyledLine] {
    let lines = RunText.retry(name, failed).split(whereSeparator: \.isNewline)
    return retries.admit(
      lines.map { StyledLine(String($0), .yellow) }, group: "", sentence: "attempts failed")
  }

  /// The lines to show for a notice.
  package mutating func notice(_ text: String) -> [StyledLine] {
    notices.admit([StyledLine("note: \(text)", .yellow)], group: "", sentence: "notices")
  }

  /// The line for a step that begins, where all is to be told.
  package func started(_ name: String, _ explanation: Explanation) -> [StyledLine] {
    verbose ? [StyledLine("          \(name) starts: \(explanation.headline)", .dim)] : []
  }

  /// The last lines: what was counted, and the summary.
  package func end(_ summary: RunSummary) -> [StyledLine] {
    [built, skipped, failed, retries, warnings, notices].flatMap(\.rest)
      + [StyledLine(RunText.summary(summary, workshop: workshop))]
  }
}
