// The words of a run, for the plain and the live view.
import Content
import Execution
import FileTools
import KeyNumbers
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

  /// How a node ended, on one line; a path below `root` is shown from there.
  package static func line(
    _ report: NodeReport, done: Int, total: Int, root: String = ""
  ) -> String {
    let count = Text.padLeft("\(done)", "\(total)".count)
    let head = "[\(count)/\(total)] " + Text.pad(report.name, 24) + " "
    return switch report.status {
    case .hit, .source, .selected, .unchanged:
      head + report.status.rawValue + (report.message.map { " " + $0 } ?? "")
    case .built:
      head + "built " + Text.padLeft(Text.seconds(report.seconds), 9) + "  "
        + (report.explanation?.headline ?? "")
    case .delivered: head + "delivered to \(below(root, report.message ?? ""))" + figures(report)
    case .skipped: head + "not run: \(report.message ?? "")"
    case .notTaken: head + "not taken: \(report.message ?? "")"
    case .failed: head + "FAILED"
    }
  }

  private static func below(_ root: String, _ path: String) -> String {
    !root.isEmpty && path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
  }

  /// ` (1,204 rows, 3.4 MB, 2 files, 0.120 s)`; empty where that is not known.
  private static func figures(_ report: NodeReport) -> String {
    guard let published = report.published else { return "" }
    let rows = published.rows.map {
      "\(NumberText.text(Double($0), decimals: 0)) row\($0 == 1 ? "" : "s"), "
    }
    return " (\(rows ?? "")\(Text.size(published.bytes)), \(Text.count(published.files, "file")), "
      + "\(Text.seconds(report.seconds)))"
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

  /// How far work on files is; what is not known is left out.
  package static func files(_ count: FileProgress.Count) -> String {
    var parts: [String] = []
    if count.allFiles > 0 {
      parts.append("\(count.files) of \(Text.count(count.allFiles, "file"))")
    }
    if count.bytes > 0 {
      let all = count.allBytes > 0 ? " of \(Text.size(count.allBytes))" : ""
      parts.append(Text.size(count.bytes) + all)
    }
    return parts.joined(separator: ", ")
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
    words { changes in
      changes.prefix(2).map(Self.field)
        + (changes.count > 2 ? ["and \(changes.count - 2) more"] : [])
    }
  }

  /// The reason without values of fields, for counting: steps that differ in one field differ alike.
  package var kind: String {
    words { changes in
      var seen: Set<String> = []
      let names = changes.map { Text.withoutNumber($0.field) }
        .filter { seen.insert($0).inserted }
      return names.isEmpty ? [] : [Text.few(names) + " changed"]
    }
  }

  /// `fields` words the fields that neither a setting nor a step explains.
  private func words(_ fields: ([FieldChange]) -> [String]) -> String {
    switch cause {
    case .firstRun: return "first run"
    case .changed: break
    case .resultMissing: return "its result is gone"
    case .blobMissing: return "a blob of its result is gone or was damaged"
    case .failedBefore: return "failed last time"
    case .inputMoved: return "an input moved last time"
    case .notCached: return "was not cached last time"
    case .cacheOff: return "the cache is off"
    case .forced: return "forced"
    case .goneFromPlatform: return "gone from the platform"
    }
    guard !changes.isEmpty else { return "changed" }
    let settings = summary?.settings ?? []
    let others = summary?.others ?? changes
    var parts = settings.map(\.text)
    parts += fields(others)
    if let follows = summary?.follows, !follows.isEmpty {
      parts.append("follows " + Text.few(follows))
    }
    return parts.joined(separator: "; ")
  }

  private static func field(_ change: FieldChange) -> String {
    let lines = Text.change(change)
    return lines.count == 1 ? lines[0] : "\(change.field) changed"
  }
}
