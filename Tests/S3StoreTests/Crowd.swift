// Requests that wait for each other, as they would for a server that is far away.
import Foundation

/// Holds the requests of one kind until so many of them are under way, or the patience is at an end.
final class Crowd: @unchecked Sendable {
  // SAFETY: both variables are read and written behind the condition's lock only.
  private let condition = NSCondition()
  private var present = 0
  private var isOpen = false
  private let operation: String
  private let size: Int
  private let loner: String?

  /// The request for the key that ends with `loner` waits for nobody.
  init(of size: Int, _ operation: String, butNot loner: String? = nil) {
    self.size = size
    self.operation = operation
    self.loner = loner
  }

  /// Whether so many were under way at once.
  var gathered: Bool {
    condition.withLock { isOpen && present >= size }
  }

  func join(_ operation: String, _ key: String) {
    guard operation == self.operation, loner.map({ !key.hasSuffix($0) }) ?? true else { return }
    condition.withLock {
      guard !isOpen else { return }
      present += 1
      if present >= size {
        isOpen = true
        condition.broadcast()
      }
      let end = Date(timeIntervalSinceNow: 20)
      while !isOpen {
        // Whoever waits in vain lets all others go, and the test finds too few.
        if !condition.wait(until: end) { isOpen = true }
      }
    }
  }
}
