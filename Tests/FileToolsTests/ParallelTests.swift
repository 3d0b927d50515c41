// Work on all cores: every answer once, in order, the first failure, an end when somebody asks for it,
// and no more threads than cores.
import Content
import Foundation
import Synchronization
import Testing

@testable import FileTools

@Suite struct ParallelTests {
  struct Refusal: Error, Equatable { let index: Int }

  @Test(arguments: [0, 1, 256, 257, 5000]) func answersComeInOrder(_ count: Int) throws {
    #expect(try Parallel.map(count) { $0 * 3 } == (0..<count).map { $0 * 3 })
  }

  @Test(arguments: [1, 2, 7, 32], [1, 5, 128]) func theWidthChangesNoDigest(
    _ width: Int, _ chunk: Int
  ) throws {
    let found = try Parallel.map(300, width: width, chunk: chunk) { try Digest.of("\($0)") }
    #expect(try found == (0..<300).map { try Digest.of("\($0)") })
  }

  @Test(arguments: [10, 5000]) func aFailureIsThrown(_ count: Int) {
    #expect(throws: Refusal(index: 7)) {
      try Parallel.map(count) { index in
        if index == 7 { throw Refusal(index: index) }
        return index
      }
    }
  }

  /// Two chunks fail at once: which thread comes first does not matter.
  @Test func ofSeveralFailuresTheFirstByNumberIsThrown() {
    let both = Monitor(0)
    #expect(throws: Refusal(index: 0)) {
      try Parallel.map(2, width: 2, chunk: 1) { index in
        both.withLock { $0 += 1 }
        both.wait { count, _ in count == 2 ? () : nil }
        throw Refusal(index: index)
      }
    }
  }

  @Test func itEndsWhenSomebodyAsks() {
    let done = Atomic<Int>(0)
    let isAsked = Atomic<Bool>(false)
    #expect(throws: Interrupted.self) {
      try Interruption.heeding({ isAsked.load(ordering: .relaxed) }) {
        try Parallel.map(100_000, chunk: 10) { _ in
          if done.add(1, ordering: .relaxed).newValue == 25 {
            isAsked.store(true, ordering: .relaxed)
          }
        }
      }
    }
    // At most the chunks in hand are ended.
    #expect(done.load(ordering: .relaxed) <= 25 + 10 * (Parallel.cores + 1))
  }

  /// Each caller works itself; beside them there are fewer helpers than cores in the whole process.
  @Test func severalCallersShareTheCores() async throws {
    let state = Monitor((now: 0, most: 0))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<3 {
        group.addTask { @Sendable in
          _ = try Parallel.map(400, chunk: 4) { _ in
            state.withLock {
              $0.now += 1
              $0.most = max($0.most, $0.now)
            }
            usleep(50)
            state.withLock { $0.now -= 1 }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(state.withLock { $0.now } == 0)
    // Other suites of this process may have helpers of their own, never more than the cores.
    #expect(state.withLock { $0.most } <= 3 + Parallel.cores - 1)
  }

  @Test func chunksAreSmallForLargeFiles() {
    #expect(Parallel.chunk(files: 20_000, bytes: 20_000 << 12) == 128)
    #expect(Parallel.chunk(files: 10, bytes: 10 << 30) == 1)
    #expect(Parallel.chunk(files: 100, bytes: 100 << 20) == 8)
    #expect(Parallel.chunk(files: 0, bytes: 0) == 128)
  }

  @Test func theSpeedOfHashingIsMeasured() throws {
    let speed = try HashSpeed(milliseconds: 20)
    #expect(speed.cores == Parallel.cores)
    #expect(speed.one > 1e6 && speed.all > 1e6)
  }
}
