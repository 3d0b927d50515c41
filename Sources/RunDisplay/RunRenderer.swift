// Shows a run: plain lines for people, NDJSON for programs.
import Content
import Execution
import Subprocess
import Terminal

package protocol RunRenderer {
  func show(_ event: RunEvent)
  /// Ends the view of a run that broke off without its last event.
  func close()
}

extension RunRenderer {
  package func close() {}
}

/// One JSON object a line on standard output, each with a version field.
package struct JSONRunRenderer: RunRenderer {
  private let output: Console
  private let token: CancellationToken

  /// A run whose reader has gone is cancelled by `token`; `output` keeps the failure.
  package init(_ output: Console, token: CancellationToken) {
    self.output = output
    self.token = token
  }

  package func show(_ event: RunEvent) {
    switch event {
    case .began, .progress, .files: break
    case .started(let name, let key, let explanation):
      write("start", ["step": .string(name), "key": .string(key.description)], explanation.json)
    case .placed(let name, let job, let node):
      write("placed", ["step": .string(name), "job": .string(job), "node": .string(node)])
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
    do {
      try output.data(line + "\n")
    } catch {
      token.cancel()
    }
  }
}

/// Plain lines on standard error: what ran, why, and how long; hits are counted, not listed.
package final class PlainRunRenderer: RunRenderer {
  private let output: Console
  private let verbose: Bool
  private let workshop: String
  private var total = 0
  /// The names of the nodes that ended: one may do so again.
  private var ended: Set<String> = []
  private let long: LongSteps

  package init(_ output: Console, verbose: Bool, workshop: String) {
    long = LongSteps { output.message($0) }
    self.output = output
    self.verbose = verbose
    self.workshop = workshop
  }

  package func show(_ event: RunEvent) {
    switch event {
    case .began(_, let nodes): total = nodes
    case .started(let name, _, let explanation):
      long.started(name)
      if verbose { output.message("          \(name) starts: \(explanation.headline)") }
    case .waiting(let name, _):
      output.message("          \(name) waits: another run is making it")
    case .placed(let name, let job, let node):
      if verbose { output.message("          \(name) runs on \(node) as job \(job)") }
    case .progress(let name, let fraction): long.progressed(name, fraction)
    case .files(let name, let count):
      long.started(name)
      long.progressed(name, count.fraction, RunText.files(count))
    case .retrying(let name, let failed): output.message(RunText.retry(name, failed))
    case .finished(let report):
      long.finished(report.name)
      // Who runs once more has ended before.
      ended.insert(report.name)
      show(report)
    case .notice(let text): output.message("note: \(text)")
    case .ended(let summary):
      close()
      output.message(RunText.summary(summary, workshop: workshop))
    }
  }

  package func close() { long.end() }

  private func show(_ report: NodeReport) {
    if RunText.isNews(report) || verbose {
      let say = report.status == .failed ? output.error : output.message
      say(RunText.line(report, done: ended.count, total: total))
      for line in RunText.failure(report) { say(line) }
    }
    for warning in report.warnings { output.message("    warning: \(warning)") }
  }
}
