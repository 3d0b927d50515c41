// Follows the events of a run: the state to show, and the lines that stay. It writes nothing.

import Execution
import Terminal

/// The model of the live view.
package struct LiveView {
  private var state: LiveStatus
  private var log: LiveLog
  private var lines: [StyledLine] = []
  /// How each node ended last: one may do so again.
  private var ends: [String: NodeStatus] = [:]
  private var timeLeft: TimeLeft
  private var estimate = SteadyEstimate()
  /// Whether any step had to run.
  package private(set) var hasRun = false

  package init(
    _ plan: RunPlan, workshop: String, slots: Int, verbose: Bool, root: String = ""
  ) {
    state = LiveStatus(workshop: workshop, total: plan.nodes.count)
    log = LiveLog(workshop: workshop, nodes: plan.nodes.count, verbose: verbose, root: root)
    timeLeft = TimeLeft(plan, slots: slots)
  }

  /// Takes in an event, at a moment and for a terminal of some width.
  package mutating func take(_ event: RunEvent, width: Int, now: Double) {
    switch event {
    case .began: state.began = now
    case .started(let name, _, let explanation):
      hasRun = true
      // Its result was looked for before.
      state.running.removeAll { $0.name == name }
      state.running.append(RunningStep(name: name, since: now))
      timeLeft.started(name)
      lines += log.started(name, explanation)
    case .waiting(let name, _): change(name) { $0.note = "waits for another run" }
    case .placed(let name, _, let node):
      change(name) {
        $0.note = "on \(node)"
        $0.since = now
      }
    case .progress(let name, let fraction): change(name) { $0.fraction = fraction }
    case .files(let name, let count):
      if !state.running.contains(where: { $0.name == name }) {
        state.running.append(RunningStep(name: name, since: now))
      }
      change(name) {
        $0.fraction = count.fraction
        $0.note = RunText.files(count)
      }
    case .retrying(let name, let failed):
      change(name) {
        $0.note = "attempt \(failed.number + 1) of \(failed.limit)"
        $0.fraction = nil
        $0.since = now
      }
      lines += log.retry(name, failed)
    case .finished(let report): finish(report, width)
    case .notice(let text): lines += log.notice(text)
    case .ended(let summary): lines += log.end(summary)
    }
  }

  /// Takes in the recorded seconds by step.
  package mutating func learn(_ seconds: [String: Double]) { timeLeft.learn(seconds) }

  /// The lines that stay and were not taken yet.
  package mutating func takeLines() -> [StyledLine] {
    defer { lines = [] }
    return lines
  }

  /// The state to show at a moment.
  package mutating func status(isStopping: Bool, now: Double) -> LiveStatus {
    var shown = state
    shown.isStopping = isStopping
    for index in shown.running.indices {
      shown.running[index].expected = timeLeft.expected(shown.running[index].name)
    }
    if hasRun {
      let left = timeLeft.seconds(running: state.running, now: now)
      let steady = estimate.show(left, now: now)
      // Nothing is left of what was expected, but something still runs.
      let isOverdue = left == 0 && !state.running.isEmpty
      shown.left = left == 0 && !isOverdue ? nil : isOverdue ? 0 : steady.map { max(1, $0) }
    }
    return shown
  }

  private mutating func finish(_ report: NodeReport, _ width: Int) {
    if let before = ends.updateValue(report.status, forKey: report.name) {
      count(before, -1)
    } else {
      state.done += 1
    }
    count(report.status, 1)
    state.running.removeAll { $0.name == report.name }
    timeLeft.finished(report.name, seconds: report.status == .built ? report.seconds : nil)
    lines += log.lines(report, done: state.done, total: state.total, width: width)
  }

  private mutating func count(_ status: NodeStatus, _ change: Int) {
    switch status {
    case .hit: state.hits += change
    case .built: state.built += change
    case .failed: state.failed += change
    case .skipped: state.skipped += change
    case .notTaken, .source, .delivered, .unchanged, .selected: break
    }
  }

  private mutating func change(_ name: String, _ change: (inout RunningStep) -> Void) {
    guard let index = state.running.firstIndex(where: { $0.name == name }) else { return }
    change(&state.running[index])
  }
}
