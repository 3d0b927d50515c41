// Many small pieces of work on two threads. It knows nothing of the work.

/// Two, since the work is half waiting for the file system's own locks: more would only queue.
enum Parallel {
  private static let chunk = 128

  /// The answers for 0..<count in order; the first failure ends the work and is thrown.
  static func map<Answer: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Answer
  ) throws -> [Answer] {
    guard count > 2 * chunk else { return try (0..<count).map(body) }
    let state = Monitor(State<Answer>())
    @Sendable func work() {
      while let range = state.withLock({ $0.next(upTo: count, by: chunk) }) {
        let answers = Result { try range.map(body) }
        state.withLock { $0.add(answers, at: range.lowerBound) }
      }
    }
    // Where no thread can be had this one does it all.
    try? startThread { work() }
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
