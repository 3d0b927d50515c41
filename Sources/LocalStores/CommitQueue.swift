// Group commit: action results become visible after one flush that covers all their blobs.
// It knows neither steps nor locks; who submits is told when a key is done.
import CSystem
import Content
import FileTools

/// Makes action results durable and visible, many with one flush of the file system.
///
/// Order of a batch: results are written to temporary files, the file system is flushed, the results
/// are renamed into place, and their folders are flushed. Killed anywhere, a result is visible only
/// with its blobs on the device, and what was told to be done is there after a power cut. Safe to use from any thread; the work is done on one of its own.
package final class CommitQueue: Sendable {
  /// Called once for each submitted result, on the queue's thread, or on the submitting one where no
  /// thread can be had.
  package typealias Completion = @Sendable (Result<Void, any Error>) -> Void

  private struct Entry: Sendable {
    let result: ActionResult
    let completion: Completion
    let time: Int64
  }

  private struct State {
    var pending: [Entry] = []
    var inFlight = 0
    var drains = 0
    var isClosed = false
    var hasThread = false
    var failure: (any Error)?

    var isIdle: Bool { pending.isEmpty && inFlight == 0 }

    mutating func takeBatch() -> [Entry] {
      defer { pending = [] }
      inFlight = pending.count
      return pending
    }
  }

  private let actions: ActionCache
  private let limit: Int
  private let delay: Int
  private let sync: @Sendable () throws -> Void
  private let start: Start
  private let monitor = Monitor(State())

  /// Runs work on a new thread, or throws.
  package typealias Start = @Sendable (@escaping @Sendable () -> Void) throws -> Void

  /// A batch starts when `limit` results wait, or one has waited `delay` ms, or on `drain`.
  package init(
    actions: ActionCache, limit: Int, delay: Int,
    sync: @escaping @Sendable () throws -> Void, start: @escaping Start = { try startThread($0) }
  ) {
    self.actions = actions
    self.limit = limit
    self.delay = delay
    self.sync = sync
    self.start = start
  }

  /// Adds a result whose blobs are in the store.
  ///
  /// Where no thread can be started, it is committed before this returns.
  package func submit(_ result: ActionResult, completion: @escaping Completion) {
    let entry = Entry(result: result, completion: completion, time: cs_monotonic())
    // The thread wants to know of the first of a batch, whose age counts, and of a full batch.
    let limit = self.limit
    let needsThread = monitor.withLock(
      waking: { $0.pending.count == 1 || $0.pending.count >= limit }
    ) { state in
      state.pending.append(entry)
      defer { state.hasThread = true }
      return !state.hasThread
    }
    guard needsThread else { return }
    do {
      try start { [self] in work() }
    } catch {
      commitHere()
    }
  }

  /// Commits on this thread, as the queue's own one would; the next submission tries to start that again.
  private func commitHere() {
    while true {
      let batch = monitor.withLock { state in
        if state.pending.isEmpty { state.hasThread = false }
        return state.takeBatch()
      }
      if batch.isEmpty { return }
      end(commit(batch))
    }
  }

  /// Waits until all that was submitted is done; throws the first failure since the last drain.
  ///
  /// Not to be called from a completion.
  package func drain() throws {
    monitor.withLock { $0.drains += 1 }
    let failure = monitor.wait { state, _ -> (any Error)?? in
      guard state.isIdle else { return nil }
      state.drains -= 1
      defer { state.failure = nil }
      return .some(state.failure)
    }
    if let failure { throw failure }
  }

  /// Drains and ends the thread; the queue can be used again.
  package func close() throws {
    defer { monitor.withLock { $0.isClosed = true } }
    try drain()
  }

  private func work() {
    while let batch = nextBatch() { end(commit(batch)) }
  }

  /// Ends a batch with its first failure.
  private func end(_ failure: (any Error)?) {
    monitor.withLock { state in
      state.inFlight = 0
      state.failure = state.failure ?? failure
    }
  }

  /// nil at the end of the thread.
  private func nextBatch() -> [Entry]? {
    monitor.wait { state, wait -> [Entry]?? in
      guard let oldest = state.pending.first else {
        guard state.isClosed else { return nil }
        state.isClosed = false
        state.hasThread = false
        return .some(nil)
      }
      let age = Int((cs_monotonic() - oldest.time) / 1_000_000)
      let isDue = state.pending.count >= limit || age >= delay || state.drains > 0 || state.isClosed
      guard isDue else {
        wait = max(1, delay - age)
        return nil
      }
      return .some(state.takeBatch())
    }
  }

  /// The first failure of the batch; each entry is told of its own.
  private func commit(_ batch: [Entry]) -> (any Error)? {
    let staged = batch.map { entry in Result { try actions.stage(entry.result) } }
    let mark = actions.index.willSync()
    let synced = Result { try sync() }
    if case .success = synced { actions.index.didSync(mark) }
    var folders = FlushList()
    var outcomes = staged.map { staged in
      Result {
        let staged = try staged.get()
        do {
          try synced.get()
          try actions.publish(staged, &folders)
        } catch {
          actions.discard(staged)
          throw error
        }
      }
    }
    do { try folders.flush() } catch {
      // What is in place may stay: it is whole, and only nobody may count on it after a power cut.
      outcomes = outcomes.map { outcome in outcome.flatMap { .failure(error) } }
    }
    var first: (any Error)?
    for (entry, outcome) in zip(batch, outcomes) {
      if case .failure(let error) = outcome, first == nil { first = error }
      entry.completion(outcome)
    }
    actions.index.flush()
    return first
  }
}
