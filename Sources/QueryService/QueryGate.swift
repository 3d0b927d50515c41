// How many sessions run at once. It opens none.
import HTTP
import Synchronization

/// A number of places, of which each session takes one.
final class QueryGate: Sendable {
  private let places: Int
  private let taken = Mutex(0)

  init(places: Int) { self.places = max(1, places) }

  /// Does something while a place is taken; waits for one unless `isCancelled`.
  func withPlace<Answer>(
    _ timing: Timing, _ isCancelled: () -> Bool, _ body: () throws -> Answer
  ) throws -> Answer {
    while !enter() {
      guard timing.pause(0.05, unless: isCancelled) else {
        throw QueryFailure(.cancelled, "cancelled")
      }
    }
    defer { taken.withLock { $0 -= 1 } }
    return try body()
  }

  private func enter() -> Bool {
    taken.withLock { taken in
      guard taken < places else { return false }
      taken += 1
      return true
    }
  }
}
