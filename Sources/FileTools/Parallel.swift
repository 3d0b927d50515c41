// Many pieces of work on the cores of this machine. It knows nothing of the work.
import CSystem
import Synchronization

/// Work on several threads.
package enum Parallel {
  /// How many cores work on files uses: all of them, up to a number that no file system feeds.
  package static let cores = max(1, min(16, Int(cs_cores())))

  /// Threads beside those that asked for work, in the whole process.
  ///
  /// Several steps may ask at once, and each core need be busy only once.
  private static let helpers = Atomic<Int>(0)

  /// The answers for 0..<count in order; a failure ends the work, and the first one by number that
  /// was met is thrown.
  ///
  /// `chunk` pieces are taken at a time; fewer than two chunks are done on this thread. Work on this
  /// machine has the width `cores`, and shares that with other such work; requests that wait for a
  /// network want more, and chunks of one. Ends with `Interrupted` soon after that was asked for.
  package static func map<Answer: Sendable>(
    _ count: Int, width: Int? = nil, chunk: Int = 128,
    _ body: @escaping @Sendable (Int) throws -> Answer
  ) throws -> [Answer] {
    guard count > (chunk == 1 ? 1 : 2 * chunk) else { return try (0..<count).map(body) }
    let state = Monitor(State<Answer>())
    let isAsked = Interruption.isAsked
    let progress = FileProgress.current
    @Sendable func work() {
      while let range = state.withLock({ $0.next(upTo: count, by: chunk) }) {
        let answers = Result {
          try Interruption.heeding(isAsked) {
            try FileProgress.$current.withValue(progress) {
              try Interruption.check()
              return try range.map(body)
            }
          }
        }
        state.withLock { $0.add(answers, at: range.lowerBound) }
      }
    }
    for _ in 1..<max(1, min(width ?? cores, (count + chunk - 1) / chunk)) {
      guard start(isShared: width == nil, work) else { break }
    }
    work()
    let (done, failure) = state.wait { state, _ in
      state.inHand == 0 ? (state.done, state.failure) : nil
    }
    if let failure { throw failure.error }
    return done.sorted { $0.start < $1.start }.flatMap(\.answers)
  }

  /// The size of chunks for so many files of so many bytes: some MiB each, so that no thread is left
  /// with a large file while others have none.
  package static func chunk(files: Int, bytes: Int64) -> Int {
    let each = bytes / Int64(max(1, files))
    return max(1, min(128, Int((8 << 20) / max(1, each))))
  }

  /// Starts a helper; false where no thread can be had, or all cores are busy with such work.
  private static func start(isShared: Bool, _ work: @escaping @Sendable () -> Void) -> Bool {
    guard isShared else { return (try? startThread(work)) != nil }
    guard helpers.add(1, ordering: .relaxed).newValue < cores,
      (try? startThread {
        work()
        helpers.subtract(1, ordering: .relaxed)
      }) != nil
    else {
      helpers.subtract(1, ordering: .relaxed)
      return false
    }
    return true
  }

  private struct State<Answer> {
    var start = 0
    var inHand = 0
    var done: [(start: Int, answers: [Answer])] = []
    var failure: (start: Int, error: any Error)?

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
      case .failure(let error):
        if start < failure?.start ?? .max { failure = (start, error) }
      }
    }
  }
}
