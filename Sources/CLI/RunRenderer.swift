// Shows a run: plain lines for people, NDJSON for programs.
import Content
import Engine

protocol RunRenderer {
  func show(_ event: RunEvent)
  /// Ends the view of a run that broke off without its last event.
  func close()
}

extension RunRenderer {
  func close() {}
}

/// One JSON object a line on standard output, each with a version field.
struct JSONRunRenderer: RunRenderer {
  func show(_ event: RunEvent) {
    switch event {
    case .began, .progress: break
    case .started(let name, let key, let explanation):
      write("start", ["step": .string(name), "key": .string(key.description)], explanation.json)
    case .waiting(let name, let key):
      write("waiting", ["step": .string(name), "key": .string(key.description)])
    case .retrying(let name, let failed):
      write(
        "retry",
        [
          "step": .string(name), "attempt": .integer(Int64(failed.number)),
          "attempts": .integer(Int64(failed.limit)), "delay": .number(failed.delay),
          "message": .string(failed.message),
        ])
    case .finished(let report): write(report.eventName, report.json)
    case .notice(let text): write("notice", ["message": .string(text)])
    case .ended(let summary): write("run", summary.json)
    }
  }

  private func write(
    _ event: String, _ fields: [String: JSONValue], _ more: [String: JSONValue] = [:]
  ) {
    let head: [String: JSONValue] = ["v": 1, "event": .string(event)]
    let all = head.merging(fields) { $1 }.merging(more) { $1 }
    guard let line = try? JSONValue.object(all).canonicalText() else { return }
    Console.data(line + "\n")
  }
}

extension NodeReport {
  /// A step's event is `step`; deliveries, sources and branches have events of their own.
  var eventName: String {
    switch status {
    case .hit, .built, .failed, .skipped, .notTaken: "step"
    case .delivered, .unchanged: "delivery"
    case .source: "source"
    case .selected: "branch"
    }
  }
}

extension RunSummary {
  var json: [String: JSONValue] {
    var json: [String: JSONValue] = [
      "id": .string(id), "status": .string(outcome.rawValue), "hits": .integer(Int64(hits)),
      "built": .integer(Int64(built)), "failed": .integer(Int64(failed)),
      "skipped": .integer(Int64(skipped)), "seconds": .number((seconds * 1000).rounded() / 1000),
    ]
    if !irreproducible.isEmpty {
      json["irreproducible"] = .array(irreproducible.map { .string($0) })
    }
    return json
  }
}

/// Plain lines on standard error: what ran, why, and how long; hits are counted, not listed.
final class PlainRunRenderer: RunRenderer {
  private let verbose: Bool
  private let workshop: String
  private var total = 0
  private var done = 0

  init(verbose: Bool, workshop: String) {
    self.verbose = verbose
    self.workshop = workshop
  }

  func show(_ event: RunEvent) {
    switch event {
    case .began(_, let nodes): total = nodes
    case .started(let name, _, let explanation):
      if verbose { Console.talk("          \(name) starts: \(explanation.headline)") }
    case .waiting(let name, _):
      Console.talk("          \(name) waits: another run is making it")
    case .progress: break
    case .retrying(let name, let failed): Console.talk(RunText.retry(name, failed))
    case .finished(let report):
      done += 1
      show(report)
    case .notice(let text): Console.talk("note: \(text)")
    case .ended(let summary): Console.talk(RunText.summary(summary, workshop: workshop))
    }
  }

  private func show(_ report: NodeReport) {
    if RunText.isNews(report) || verbose {
      Console.talk(RunText.line(report, done: done, total: total))
      for line in RunText.failure(report) { Console.talk(line) }
    }
    for warning in report.warnings { Console.talk("    warning: \(warning)") }
  }
}

/// The words of a run, for the plain and the live view.
enum RunText {
  /// Whether something happened: hits are counted, not listed.
  static func isNews(_ report: NodeReport) -> Bool {
    switch report.status {
    case .hit, .source, .selected, .unchanged: false
    case .built, .delivered, .skipped, .notTaken, .failed: true
    }
  }

  /// How a node ended, on one line.
  static func line(_ report: NodeReport, done: Int, total: Int) -> String {
    let count = Text.padLeft("\(done)", "\(total)".count)
    let head = "[\(count)/\(total)] " + Text.pad(report.name, 24) + " "
    return switch report.status {
    case .hit, .source, .selected, .unchanged:
      head + report.status.rawValue + (report.message.map { " " + $0 } ?? "")
    case .built:
      head + "built " + Text.padLeft(Text.seconds(report.seconds), 9) + "  "
        + (report.explanation?.headline ?? "")
    case .delivered: head + "delivered to \(report.message ?? "")"
    case .skipped, .notTaken: head + "\(report.status.rawValue): \(report.message ?? "")"
    case .failed: head + "FAILED"
    }
  }

  /// What a failed step said, and where its log lies.
  static func failure(_ report: NodeReport) -> [String] {
    guard report.status == .failed else { return [] }
    let message = (report.message ?? "").split(whereSeparator: \.isNewline).map { "    \($0)" }
    return message + (report.logPath.map { ["    log: \($0)"] } ?? [])
  }

  static func retry(_ name: String, _ failed: FailedAttempt) -> String {
    "          \(name) failed, attempt \(failed.number + 1) of \(failed.limit) follows in "
      + "\(Text.seconds(failed.delay)): \(failed.message)"
  }

  /// The last line of a run.
  static func summary(_ summary: RunSummary, workshop: String) -> String {
    var parts = ["\(summary.hits) hits", "\(summary.built) built"]
    if summary.failed > 0 { parts.append("\(summary.failed) failed") }
    if summary.skipped > 0 { parts.append("\(summary.skipped) skipped") }
    let outcome = summary.outcome == .ok ? "" : " \(summary.outcome.rawValue):"
    return "\(workshop):\(outcome) \(parts.joined(separator: ", ")) in "
      + Text.seconds(summary.seconds)
  }
}

extension Explanation {
  /// The reason in a few words, on one line.
  var headline: String {
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
    case .notCached: "was not cached last time"
    case .cacheOff: "the cache is off"
    }
  }
}
