// The live view of a run on a terminal: lines that stay, and a block at the bottom that moves.
import Dispatch
import Engines
import Execution
import LocalStores
import Planning
import Subprocess
import Synchronization
import Terminal

/// Draws on the terminal at most ten times a second, and only what differs.
///
/// Events only change the state, under a lock. A thread of its own draws and lets the clock go on;
/// whatever is written is written under the same lock, and nothing after the end.
package final class LiveRunRenderer: RunRenderer, Sendable {
  private struct State {
    var view: LiveView
    var screen: LiveScreen
    var hasAskedForTimes = false
    var isOver = false
    var isPaused = false
  }

  private static let frame = 0.1

  private let terminal: Terminal
  private let state: Mutex<State>
  private let ended = DispatchSemaphore(value: 0)
  private let token: CancellationToken
  private let recordedTimes: @Sendable () -> [String: Double]

  /// Starts the thread that draws; a run that ends within the first frame shows its last lines only.
  package init(
    _ terminal: Terminal, _ plan: RunPlan, workshop: String, slots: Int, verbose: Bool,
    root: String = "", runs: RunStore, token: CancellationToken
  ) throws {
    self.terminal = terminal
    self.token = token
    state = Mutex(
      State(
        view: LiveView(plan, workshop: workshop, slots: slots, verbose: verbose, root: root),
        screen: LiveScreen(color: terminal.hasColor)))
    recordedTimes = {
      RecordedTimes.seconds(
        of: plan.nodes.filter(\.isStep).map(\.name), workshop: workshop, in: runs)
    }
    try SlotPool(count: 1).run { [self] in
      while ended.wait(timeout: .now() + Self.frame) == .timedOut { tick() }
    }
  }

  package func show(_ event: RunEvent) {
    state.withLock { $0.view.take(event, width: terminal.size.columns, now: now) }
    if case .ended = event { close() }
  }

  /// Shows what is left to show, takes the block away and stops drawing.
  package func close() {
    let isFirst = state.withLock { state in
      if state.isOver { return false }
      draw(&state, block: [], size: terminal.size)
      state.isOver = true
      return true
    }
    if isFirst { ended.signal() }
  }

  /// Gives the terminal to whoever has it while the run is paused.
  package func pause() {
    state.withLock { state in
      if state.isOver { return }
      draw(&state, block: [], size: terminal.size)
      state.isPaused = true
    }
  }

  /// Draws again.
  package func resume() { state.withLock { $0.isPaused = false } }

  private var now: Double { token.seconds }

  private func tick() {
    // Records are read where nobody waits for them, and not at all where nothing has to run.
    let asks = state.withLock { state in
      let asks = !state.hasAskedForTimes && state.view.hasRun
      if asks { state.hasAskedForTimes = true }
      return asks
    }
    if asks {
      let times = recordedTimes()
      state.withLock { $0.view.learn(times) }
    }
    let isStopping = token.isCancelled
    state.withLock { state in
      if state.isOver || state.isPaused { return }
      let size = terminal.size
      let now = self.now
      let status = state.view.status(isStopping: isStopping, now: now)
      draw(&state, block: LiveFrame.lines(status, size: size, now: now), size: size)
    }
  }

  private func draw(_ state: inout State, block: [StyledLine], size: Terminal.Size) {
    let text = state.screen.update(
      permanent: state.view.takeLines(), block: block, size: size)
    if !text.isEmpty { terminal.write(text) }
  }
}
