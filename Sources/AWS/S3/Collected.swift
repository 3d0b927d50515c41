// What the threads of one transfer gather.
import Synchronization

/// Results by number, and whether to stop.
final class Collected<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Int: Element] = [:]
    var stopped = false
  }
  private let state = Mutex(State())

  func add(_ index: Int, _ element: Element) { state.withLock { $0.elements[index] = element } }

  /// Tells the other threads that the transfer has failed.
  func stop() { state.withLock { $0.stopped = true } }

  var isStopped: Bool { state.withLock { $0.stopped } }

  func inOrder(_ count: Int) -> [Element] {
    state.withLock { state in (0..<count).compactMap { state.elements[$0] } }
  }
}
