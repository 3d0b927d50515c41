// Group commit: action results become visible after one flush that covers all their blobs.
// It knows neither steps nor locks; who submits is told when a key is done.
import CSystem
import Content
import FileTools

/// Makes action results durable and visible, many with one flush of the file system.
///
/// Order of a batch: results are written to temporary files, the file system is flushed, then the
/// results are renamed into place. Killed anywhere, a result is visible only with its blobs on the
/// device. Safe to use from any thread; the work is done on one of its own.
package final class CommitQueue: Sendable {
  /// Called once for each submitted result, on the queue's thread.
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
  }

  private let actions: ActionCache
  private let limit: Int
  private let delay: Int
  private let sync: @Sendable () throws -> Void
  private let monitor = Monitor(State())

  /// A batch starts when `limit` results wait, or one has waited `delay` ms, or on `drain`.
  package init(
    actions: ActionCache, limit: Int, delay: Int,
    sync: @escaping @Sendable () throws -> Void
  ) {
    self.actions = actions
    self.limit = limit
    self.delay = delay
    self.sync = sync
  }

  /// Adds a result whose blobs are in the store.
  ///
  /// Throws only when no thread can be started.
  package func submit(_ result: ActionResult, completion: @escaping Completion) throws {
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
    if needsThread { try startThread { [self] in work() } }
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
    while let batch = nextBatch() {
      let failure = commit(batch)
      monitor.withLock { state in
        state.inFlight = 0
        state.failure = state.failure ?? failure
      }
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
      let batch = state.pending
      state.pending = []
      state.inFlight = batch.count
      return .some(batch)
    }
  }

  /// The first failure of the batch; each entry is told of its own.
  private func commit(_ batch: [Entry]) -> (any Error)? {
    let staged = batch.map { entry in Result { try actions.stage(entry.result) } }
    let mark = actions.index.willSync()
    let synced = Result { try sync() }
    if case .success = synced { actions.index.didSync(mark) }
    var first: (any Error)?
    for (entry, staged) in zip(batch, staged) {
      let outcome = Result {
        let staged = try staged.get()
        do {
          try synced.get()
          try actions.publish(staged)
        } catch {
          actions.discard(staged)
          throw error
        }
      }
      if case .failure(let error) = outcome, first == nil { first = error }
      entry.completion(outcome)
    }
    actions.index.flush()
    return first
  }
}
