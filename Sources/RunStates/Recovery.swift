// Who waits for bytes that are made again. A part of the run's state.

package struct Recovery: Sendable {
  /// Who waits.
  package enum Waiter: Hashable, Sendable {
    /// A node of the run.
    case node(Int)
    /// A producer that itself runs only to make lost bytes again.
    case producer(Int)
  }

  /// By producer, who waits for it, in the order of coming.
  private var waiters: [Int: [Waiter]] = [:]
  /// By waiter, the producers that it waits for.
  private var awaited: [Waiter: Set<Int>] = [:]
  /// Producers that ran again, whatever came of it.
  package private(set) var done: Set<Int> = []
  /// Nodes that were tried once more.
  package private(set) var retried: Set<Int> = []

  /// Notes another try of a node; false where there was one before.
  package mutating func retry(_ index: Int) -> Bool { retried.insert(index).inserted }

  package func isRemaking(_ producer: Int) -> Bool { waiters[producer] != nil }

  /// Lets a waiter wait; the producers that nobody waited for before, which are to start.
  package mutating func add(
    _ waiter: Waiter, for producers: Set<Int>, _ event: RunState.Event
  ) -> [Int] {
    if !done.isDisjoint(with: producers) { Self.bug("\(event) makes bytes a third time") }
    awaited[waiter] = producers
    var starting: [Int] = []
    for producer in producers.sorted() {
      if waiters[producer] == nil { starting.append(producer) }
      waiters[producer, default: []].append(waiter)
    }
    return starting
  }

  /// The waiters that have all they need now.
  package mutating func finish(_ producer: Int, _ event: RunState.Event) -> [Waiter] {
    guard let own = waiters.removeValue(forKey: producer) else {
      Self.bug("\(event), for which nobody waits")
    }
    done.insert(producer)
    return own.filter { waiter in
      awaited[waiter]?.remove(producer)
      guard awaited[waiter]?.isEmpty == true else { return false }
      awaited[waiter] = nil
      return true
    }
  }

  /// The waiters that will never have what they need; they wait for nothing more.
  package mutating func fail(_ producer: Int, _ event: RunState.Event) -> [Waiter] {
    guard let own = waiters.removeValue(forKey: producer) else {
      Self.bug("\(event), for which nobody waits")
    }
    done.insert(producer)
    for waiter in own {
      for other in awaited.removeValue(forKey: waiter) ?? [] where other != producer {
        waiters[other]?.removeAll { $0 == waiter }
      }
    }
    return own
  }

  /// Ends the program: its own code has done what cannot be.
  package static func bug(_ text: String) -> Never { fatalError("BUG: \(text)") }
}
