// The words of a run, for the plain and the live view.
import Content
import Execution
import Terminal

/// The words of a run, for the plain and the live view.
package enum RunText {
  /// Whether something happened: hits are counted, not listed.
  package static func isNews(_ report: NodeReport) -> Bool {
    switch report.status {
    case .hit, .source, .selected, .unchanged: false
    case .built, .delivered, .skipped, .notTaken, .failed: true
    }
  }

  /// How a node ended, on one line.
  package static func line(_ report: NodeReport, done: Int, total: Int) -> String {
    let count = Text.padLeft("\(done)", "\(total)".count)
    let head = "[\(count)/\(total)] " + Text.pad(report.name, 24) + " "
    return switch report.status {
    case .hit, .source, .selected, .unchanged:
      head + report.status.rawValue + (report.message.map { " " + $0 } ?? "")
    case .built:
      head + "built " + Text.padLeft(Text.seconds(report.seconds), 9) + "  "
        + (report.explanation?.headline ?? "")
    case .delivered: head + "delivered to \(report.message ?? "")"
    case .skipped: head + "not run: \(report.message ?? "")"
    case .notTaken: head + "not taken: \(report.message ?? "")"
    case .failed: head + "FAILED"
    }
  }

  /// What a failed step said, and where its log lies.
  package static func failure(_ report: NodeReport) -> [String] {
    guard report.status == .failed else { return [] }
    let message = (report.message ?? "").split(whereSeparator: \.isNewline).map { "    \($0)" }
    return message + (report.logPath.map { ["    log: \($0)"] } ?? [])
  }

  package static func retry(_ name: String, _ failed: FailedAttempt) -> String {
    "          \(name) failed, attempt \(failed.number + 1) of \(failed.limit) follows in "
      + "\(Text.seconds(failed.delay)): \(failed.message)"
  }

  /// The last line of a run.
  package static func summary(_ summary: RunSummary, workshop: String) -> String {
    var parts = ["\(summary.hits) cached", "\(summary.built) ran"]
    if summary.failed > 0 { parts.append("\(summary.failed) failed") }
    if summary.skipped > 0 { parts.append("\(summary.skipped) not run") }
    let outcome = summary.outcome == .ok ? "" : " \(summary.outcome.rawValue):"
    return "\(workshop):\(outcome) \(parts.joined(separator: ", ")) in "
      + Text.seconds(summary.seconds)
  }
}

extension Explanation {
  /// The reason in a few words, on one line.
  package var headline: String {
    switch cause {
    case .firstRun: "first run"
    case .changed:
      changes.isEmpty
        ? "changed"
        : changes.prefix(2).map { change in
          let lines = Text.change(change)
          return lines.count == 1 ? lines[0] : "\(change.field) changed"
        }.joined(separator: "; ") + (changes.count > 2 ? "; and \(changes.count - 2) more" : "")
    case .resultMissing: "its result is gone"
    case .blobMissing: "a blob of its result is gone or was damaged"
    case .failedBefore: "failed last time"
    case .inputMoved: "an input moved last time"
    case .notCached: "was not cached last time"
    case .cacheOff: "the cache is off"
    case .forced: "forced"
    case .goneFromPlatform: "gone from the platform"
    }
  }
}
