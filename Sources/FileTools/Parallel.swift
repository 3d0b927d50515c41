// Many small pieces of work on a few threads. It knows nothing of the work.

/// Work on several threads.
package enum Parallel {
  /// The answers for 0..<count in order; the first failure ends the work and is thrown.
  ///
  /// `chunk` pieces are taken at a time; fewer than two chunks are done on this thread. Two threads
  /// do for a file system, whose own locks others would only queue for; requests that wait for a
  /// network want more, and chunks of one.
  package static func map<Answer: Sendable>(
    _ count: Int, width: Int = 2, chunk: Int = 128,
    _ body: @escaping @Sendable (Int) throws -> Answer
  ) throws -> [Answer] {
    guard count > (chunk == 1 ? 1 : 2 * chunk) else { return try (0..<count).map(body) }
    let state = Monitor(State<Answer>())
    let isAsked = Interruption.isAsked
    @Sendable func work() {
      while let range = state.withLock({ $0.next(upTo: count, by: chunk) }) {
        let answers = Result { try Interruption.heeding(isAsked) { try range.map(body) } }
        state.withLock { $0.add(answers, at: range.lowerBound) }
      }
    }
    // Where no thread can be had this one does it all.
    for _ in 1..<min(width, (count + chunk - 1) / chunk) { try? startThread { work() } }
    work()
    let (done, failure) = state.wait { state, _ in
      state.inHand == 0 ? (state.done, state.failure) : nil
    }
    if let failure { throw failure }
    return done.sorted { $0.start < $1.start }.flatMap(\.answers)
  }

  private struct State<Answer> {
    var start = 0
    var inHand = 0
    var done: [(start: Int, answers: [Answer])] = []
    var failure: (any Error)?

    mutating func next(upTo count: Int, by chunk: Int) -> Range<Int>? {
      guard start < count, failure == nil else { return nil }
      defer { start = min(start + chunk, count) }
      inHand += 1
      return start..<min(start + chunk, count)
    }

    mutating func add(_ answers: Result<[Answer], any Error>, at start: Int) {
      inHand -= 1
      switch answers {
      case .success(let answers): done.append((start, answers))
      case .failure(let error): failure = failure ?? error
      }
    }
  }
}
