// A thread of its own for a test that waits for other programs for minutes.
// It knows how tests are scheduled, not what they do.
import Foundation
import Testing

/// Runs a test outside of the threads that all tests share.
///
/// There is one for each core, so that a test that holds one while a compiler works would leave the
/// rest of the tests to the others, and cores idle whenever these wait, too.
struct OwnThread: TestTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(ThreadExecutor()) { try await function() }
  }
}

extension Trait where Self == OwnThread {
  /// For a test that waits for other programs most of its time.
  static var ownThread: OwnThread { OwnThread() }
}

/// Gives each job a new thread.
private final class ThreadExecutor: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
