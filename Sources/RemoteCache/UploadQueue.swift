// A few threads that work off what is to be uploaded. It does not know how.
import Content
import FileTools

/// Jobs by name, each done once on one of a few threads that end when there is none left.
///
/// A job is a key or an id, so that the queue stays small whatever there is to send.
final class UploadQueue: Sendable {
  enum Job: Hashable, Sendable {
    case result(ActionKey)
    case record(RunID)
  }

  private struct State {
    var waiting: [Job] = []
    var next = 0
    var inFlight: Set<Job> = []
    /// Jobs that were added again while they were in flight: what was sent is no longer what is here.
    var again: Set<Job> = []
    var threads = 0
    var isStopped = false

    var count: Int { waiting.count - next + inFlight.count }
  }

  private let width: Int
  private let monitor = Monitor(State())

  init(width: Int) { self.width = width }

  /// Adds a job; `work` does it.
  func add(_ job: Job, _ work: @escaping @Sendable (Job) -> Void) {
    let needsThread = monitor.withLock { state in
      state.waiting.append(job)
      guard state.threads < width else { return false }
      state.threads += 1
      return true
    }
    guard needsThread else { return }
    do {
      try startThread { [self] in serve(work) }
    } catch {
      // What no thread does stays noted on the disk for the next run.
      monitor.withLock { $0.threads -= 1 }
    }
  }

  /// Whether jobs wait and no thread works on them.
  var isStuck: Bool { monitor.withLock { $0.count > 0 && ($0.threads == 0 || $0.isStopped) } }

  /// Waits until all is done, `isCancelled` says stop, or no thread is left; how many jobs remain.
  func drain(isCancelled: () -> Bool) -> Int {
    monitor.wait { state, wait in
      wait = 50
      if isCancelled() { state.isStopped = true }
      return state.count == 0 || state.isStopped || state.threads == 0 ? state.count : nil
    }
  }

  private func serve(_ work: (Job) -> Void) {
    while let job = take() {
      work(job)
      monitor.withLock { state in
        state.inFlight.remove(job)
        if state.again.remove(job) != nil { state.waiting.append(job) }
      }
    }
  }

  private func take() -> Job? {
    monitor.withLock { state in
      while !state.isStopped, state.next < state.waiting.count {
        let job = state.waiting[state.next]
        state.next += 1
        if state.inFlight.insert(job).inserted { return job }
        state.again.insert(job)
      }
      if state.next == state.waiting.count {
        state.waiting = []
        state.next = 0
      }
      state.threads -= 1
      return nil
    }
  }
}
