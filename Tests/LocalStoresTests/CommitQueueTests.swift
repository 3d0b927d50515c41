// Group commit: nothing is visible before its flush, nothing is lost after it.
import AtelierTesting
import Content
import Foundation
import Synchronization
import Testing

@testable import LocalStores

/// Notes events of several threads in order.
final class Journal: Sendable {
  private let lines = Mutex<[String]>([])
  func note(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
}

@Suite struct CommitQueueTests {
  @Test func aResultIsVisibleOnlyAfterItsFlush() throws {
    let space = try Space()
    let store = space.store
    let journal = Journal()
    let stored = try result("a")
    let queue = store.commitQueue(limit: 100, delay: 10_000) {
      let file = FileManager.default.fileExists(atPath: store.layout.action(stored.key))
      journal.note("flush: file \(file) row \(store.memo.index.action(stored.key) != nil)")
    }
    queue.submit(stored) { outcome in
      let isSuccess = if case .success = outcome { true } else { false }
      let file = FileManager.default.fileExists(atPath: store.layout.action(stored.key))
      journal.note("done: \(isSuccess) file \(file)")
    }
    #expect(try store.actions.lookup(stored.key) == nil)
    try queue.drain()
    #expect(journal.all == ["flush: file false row false", "done: true file true"])
    #expect(try store.actions.lookup(stored.key) == stored)
    try queue.close()
  }

  @Test func manyResultsShareAFlush() throws {
    let space = try Space()
    let journal = Journal()
    let queue = space.store.commitQueue(limit: 1000, delay: 60_000) { journal.note("flush") }
    let results = try (0..<50).map { try result("\($0)") }
    for stored in results { queue.submit(stored) { _ in journal.note("done") } }
    try queue.close()
    #expect(journal.all == ["flush"] + Array(repeating: "done", count: 50))
    #expect(try space.store.actions.keys() == results.map(\.key).sorted())
  }

  @Test(arguments: [(limit: 3, delay: 60_000), (limit: 1000, delay: 5)])
  func aBatchStartsByCountOrAge(_ rule: (limit: Int, delay: Int)) throws {
    let space = try Space()
    let done = DispatchSemaphore(value: 0)
    let queue = space.store.commitQueue(limit: rule.limit, delay: rule.delay, sync: {})
    for number in 0..<3 { try queue.submit(result("\(number)")) { _ in done.signal() } }
    for _ in 0..<3 { #expect(done.wait(timeout: .now() + 10) == .success) }
    try queue.close()
  }

  @Test func aFailedFlushIsToldToAllAndLeavesNothing() throws {
    let space = try Space()
    let journal = Journal()
    let broken = Mutex(true)
    let queue = space.store.commitQueue(limit: 1000, delay: 60_000) {
      if broken.withLock({ $0 }) { throw BrokenFlush() }
    }
    for number in 0..<3 {
      try queue.submit(result("\(number)")) { outcome in
        if case .failure(is BrokenFlush) = outcome { journal.note("store") }
      }
    }
    #expect(throws: BrokenFlush()) { try queue.drain() }
    #expect(journal.all == ["store", "store", "store"])
    #expect(try space.store.actions.keys() == [])
    #expect(TestFiles.list("\(space.base)/tmp").filter { !$0.hasSuffix("owner") } == [])
    broken.withLock { $0 = false }
    try queue.submit(result("after")) { _ in }
    try queue.close()
    #expect(try space.store.actions.keys() == [result("after").key])
  }

  @Test func oneBadResultSpoilsNoOther() throws {
    let space = try Space()
    let good = try result("good")
    let bad = ActionResult(
      key: try result("x").key, document: good.document, outputs: [:],
      startedAt: good.startedAt, seconds: 0, host: "h")
    let queue = space.store.commitQueue(limit: 1000, delay: 60_000, sync: {})
    queue.submit(bad) { _ in }
    queue.submit(good) { _ in }
    #expect(throws: InvalidResult.self) { try queue.drain() }
    #expect(try space.store.actions.keys() == [good.key])
    try queue.close()
  }

  @Test func itCanBeUsedAgainAfterClosing() throws {
    let space = try Space()
    let queue = space.store.commitQueue(sync: {})
    try queue.close()
    for name in ["a", "b"] {
      try queue.submit(result(name)) { _ in }
      try queue.close()
    }
    #expect(try space.store.actions.keys() == [result("a").key, result("b").key].sorted())
  }

  @Test func eightThreadsSubmit() async throws {
    let space = try Space()
    let queue = space.store.commitQueue(limit: 16, delay: 5, sync: {})
    let journal = Journal()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for thread in 0..<8 {
        group.addTask {
          for number in 0..<40 {
            try queue.submit(result("\(thread) \(number)")) { _ in journal.note("done") }
          }
          try queue.drain()
        }
      }
      try await group.waitForAll()
    }
    try queue.close()
    #expect(journal.all.count == 320)
    #expect(try space.store.actions.keys().count == 320)
  }

  @Test func theRealFlushWorks() throws {
    let space = try Space()
    let stored = try result("a", outputs: ["part": space.adopt("x")])
    let queue = space.store.commitQueue()
    queue.submit(stored) { _ in }
    try queue.close()
    try space.store.close()
    #expect(try space.reopened(readOnly: true).actions.lookup(stored.key) == stored)
  }
}

/// A flush that fails.
private struct BrokenFlush: Error, Equatable {}
