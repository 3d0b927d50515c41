// How a test that waits for programs is run: on a thread of its own, a few at a time, and not for
// ever. It knows how tests are scheduled, not what they do.
import Foundation
import Synchronization
import Testing

/// Runs each test of a suite outside of the threads that all tests share, within a time limit.
///
/// There is one of those threads for each core: a test that held one while it waits for a program
/// would leave the rest of the tests to the others, and cores idle. The limit counts from the moment
/// when the test itself begins, as `.timeLimit` does not: it counts the waiting for a thread, too.
package struct ProgramTest: SuiteTrait, TestTrait, TestScoping {
  /// After so long a test fails, and the programs that it has started are killed.
  let limit: Duration
  /// Whether the tests go before all others that wait.
  let isAhead: Bool

  package init(limit: Duration, isAhead: Bool = false) {
    self.limit = limit
    self.isAhead = isAhead
  }

  package var isRecursive: Bool { true }

  package func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? {
    testCase == nil ? nil : self
  }

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    await Permits.programTests.acquire(isAhead: isAhead)
    let started = StartedPrograms()
    let begun = ContinuousClock.now
    defer {
      started.end()
      Self.note(test, begun)
    }
    do {
      try await StartedPrograms.$current.withValue(started) {
        try await Self.run(function, limit: limit, started)
      }
    } catch {
      await Permits.programTests.release()
      throw error
    }
    await Permits.programTests.release()
  }

  /// With ATELIER_TEST_SECONDS=1, says how long the test itself took; the time that the testing library
  /// prints has the waiting for a thread in it.
  private static func note(_ test: Test, _ begun: ContinuousClock.Instant) {
    guard ProcessInfo.processInfo.environment["ATELIER_TEST_SECONDS"] == "1" else { return }
    print("took \(ContinuousClock.now - begun): \(test.id)")
  }

  private static func run(
    _ function: @Sendable () async throws -> Void, limit: Duration, _ started: StartedPrograms
  ) async throws {
    // Whatever the test waits for ends at the limit, so that the test ends, too.
    let watch = Watch(limit) { started.kill() }
    defer { watch.end() }
    let result = await withoutActuallyEscaping(function) { function in
      await withTaskGroup(of: Result<Void, any Error>.self) { group in
        group.addTask(executorPreference: ThreadExecutor()) {
          do { return .success(try await function()) } catch { return .failure(error) }
        }
        return await group.next()
      }
    }
    if watch.isOver { throw ProgramError("the test took more than \(limit)") }
    try result?.get()
  }
}

/// Waits for a limit on a thread of its own, since others hold the shared ones for minutes.
private final class Watch: Sendable {
  private let ended = DispatchSemaphore(value: 0)
  private let over = Mutex(false)

  /// Calls `act` once the limit is over, unless the watch ends before.
  init(_ limit: Duration, _ act: @escaping @Sendable () -> Void) {
    let seconds = Double(limit.components.seconds) + Double(limit.components.attoseconds) / 1e18
    Thread.detachNewThread { [self] in
      guard ended.wait(timeout: .now() + seconds) == .timedOut else { return }
      over.withLock { $0 = true }
      act()
    }
  }

  var isOver: Bool { over.withLock { $0 } }

  func end() { ended.signal() }
}

extension Trait where Self == ProgramTest {
  /// For tests that wait for other programs most of their time; ten minutes each, a day in a soak.
  package static var programs: ProgramTest { programs() }

  /// For suites whose tests run one after the other.
  ///
  /// Each waits only when the one before it has ended. Behind all others, the last of them would run
  /// alone at the end; so they go before them.
  package static var serialPrograms: ProgramTest { programs(isAhead: true) }

  /// The same with a limit of its own.
  package static func programs(minutes: Int = 10, isAhead: Bool = false) -> ProgramTest {
    let isSoak = ProcessInfo.processInfo.environment["ATELIER_SOAK"] != nil
    return ProgramTest(limit: .seconds(60 * (isSoak ? 24 * 60 : minutes)), isAhead: isAhead)
  }
}

/// So many at a time, the others in the order in which they came, but for those that go ahead.
private actor Permits {
  /// Twice the cores of a small machine: most of these tests wait.
  static let programTests = Permits(4)

  private var free: Int
  private var ahead: [CheckedContinuation<Void, Never>] = []
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = count }

  func acquire(isAhead: Bool) async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { next in
        if isAhead { ahead.append(next) } else { waiting.append(next) }
      }
    }
  }

  func release() {
    if !ahead.isEmpty {
      ahead.removeFirst().resume()
    } else if !waiting.isEmpty {
      waiting.removeFirst().resume()
    } else {
      free += 1
    }
  }
}

/// Gives each job a new thread.
private final class ThreadExecutor: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
