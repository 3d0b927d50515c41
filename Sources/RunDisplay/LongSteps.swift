// Lines about steps that take long, where nobody sees a live view. It knows no terminal.
import Dispatch
import Engines
import Subprocess
import Synchronization
import Terminal

/// Says every half minute what still runs, so that a log of a long run shows that it lives.
final class LongSteps: Sendable {
  private struct Running {
    let since: DispatchTime
    var fraction: Double?
    /// Of how much it is the fraction, in words; may be empty.
    var amount = ""
  }

  /// Seconds between two lines, and how long a step runs before it is told of.
  static let pause = 30

  private struct State {
    var running: [String: Running] = [:]
    var isTelling = false
  }

  private let state = Mutex(State())
  private let pause: Int
  private let ended = DispatchSemaphore(value: 0)
  private let say: @Sendable (String) -> Void

  /// `say` is called on a thread that begins with the first step.
  init(pause: Int = pause, _ say: @escaping @Sendable (String) -> Void) {
    self.pause = pause
    self.say = say
  }

  func started(_ name: String) {
    let isFirst = state.withLock { state in
      if state.running[name] == nil { state.running[name] = Running(since: .now()) }
      defer { state.isTelling = true }
      return !state.isTelling
    }
    guard isFirst else { return }
    // A machine that gives no thread gets no lines.
    try? SlotPool(count: 1).run { [self] in
      while ended.wait(timeout: .now() + .seconds(pause)) == .timedOut { tell() }
    }
  }

  func progressed(_ name: String, _ fraction: Double, _ amount: String = "") {
    state.withLock {
      $0.running[name]?.fraction = fraction
      $0.running[name]?.amount = amount
    }
  }

  func finished(_ name: String) { state.withLock { $0.running[name] = nil } }

  /// Tells nothing any more.
  func end() { ended.signal() }

  private func tell() {
    let now = DispatchTime.now()
    let long = state.withLock { state in
      state.running.compactMap {
        name, step -> (name: String, seconds: Double, fraction: Double?, amount: String)? in
        let seconds = Double(now.uptimeNanoseconds - step.since.uptimeNanoseconds) / 1e9
        guard seconds >= Double(pause) else { return nil }
        return (name, seconds, step.fraction, step.amount)
      }
    }.sorted { $0.seconds > $1.seconds }
    guard let first = long.first else { return }
    let share =
      (first.fraction.map { ", \(Int($0 * 100)) % done" } ?? "")
      + (first.amount.isEmpty ? "" : " (\(first.amount))")
    let more = long.count > 1 ? "; and \(long.count - 1) more" : ""
    say("          \(first.name) runs since \(Text.seconds(first.seconds))\(share)\(more)")
  }
}
