// One holder a key, among threads and processes.
import AtelierTesting
import Content
import Foundation
import Synchronization
import Testing

@testable import Stores

/// A shell that holds a lock file until its input ends.
private final class Holder {
  private let process = Process()
  private let input = Pipe()

  init(_ path: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["flock", path, "sh", "-c", "echo held; read line"]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    #expect(output.fileHandleForReading.readData(ofLength: 5) == Data("held\n".utf8))
  }

  func letGo() throws {
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}

@Suite struct KeyLockTests {
  private let space: Space
  private let key: ActionKey

  init() throws {
    space = try Space()
    key = try result("a").key
  }

  private var path: String { space.store.layout.lock(key) }

  private func isFree() throws -> Bool {
    try space.store.locks.attempt(key) != nil
  }

  @Test func theHolderExcludesOthersOfItsProcess() throws {
    let lock = try #require(try space.store.locks.attempt(key))
    #expect(lock.key == key)
    #expect(try !isFree())
    #expect(try space.reopened().locks.attempt(result("b").key) != nil)
    lock.release()
    lock.release()
    #expect(try isFree())
  }

  #if os(Linux)
    /// A child between fork and exec has copies of all descriptors; `dup` makes such a copy.
    @Test func lettingGoNeedsNoLastCopyOfTheDescriptor() throws {
      let lock = try #require(try space.store.locks.attempt(key))
      let manager = FileManager.default
      let descriptor = try #require(
        manager.contentsOfDirectory(atPath: "/proc/self/fd").first {
          (try? manager.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)) == path
        }.flatMap { Int32($0) })
      let copy = dup(descriptor)
      defer { close(copy) }
      lock.release()
      #expect(try isFree())
    }
  #endif

  @Test func anotherProcessExcludesUs() throws {
    let holder = try Holder(path)
    #expect(try !isFree())
    let polls = Mutex(0)
    let lock = try space.store.locks.wait(for: key) {
      polls.withLock { count in
        count += 1
        return count == 3
      }
    }
    #expect(lock == nil)
    #expect(polls.withLock { $0 } == 3)
    try holder.letGo()
    #expect(try isFree())
  }

  @Test func aWaiterGetsTheKeyWhenItIsLetGo() throws {
    let holder = try Holder(path)
    let polls = Mutex(0)
    let lock = try space.store.locks.wait(for: key) {
      polls.withLock { $0 += 1 }
      try? holder.letGo()
      return false
    }
    #expect(lock != nil)
    #expect(polls.withLock { $0 } >= 1)
  }

  @Test func aRemovedLockFileIsNotHeld() throws {
    let holder = try Holder(path)
    try FileManager.default.removeItem(atPath: path)
    #expect(try isFree())
    try holder.letGo()
  }

  @Test func freeLocksAreRemovedAtTheEnd() throws {
    let other = try result("b").key
    #expect(try isFree())
    let holder = try Holder(space.store.layout.lock(other))
    #expect(TestFiles.list(space.store.layout.locks).count == 2)
    try space.store.close()
    #expect(TestFiles.list(space.store.layout.locks) == [other.digest.hex])
    try holder.letGo()
  }

  @Test func aMissingLockFolderIsMade() throws {
    try FileManager.default.removeItem(atPath: space.store.layout.locks)
    #expect(try isFree())
  }

  @Test func atMostOneThreadHolds() async throws {
    let room = Room()
    let locks = space.store.locks
    let key = key
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<25 {
            let lock = try locks.wait(for: key, isCancelled: { false })
            room.enter()
            usleep(100)
            room.leave()
            // The file's removal by a finished run must not let two in.
            if Bool.random() { try locks.removeFree() }
            lock?.release()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(room.most == 1)
    #expect(room.total == 100)
  }
}

/// Counts who is inside at once.
private final class Room: Sendable {
  private let state = Mutex((now: 0, most: 0, total: 0))
  func enter() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.total + 1) } }
  func leave() { state.withLock { $0.now -= 1 } }
  var most: Int { state.withLock { $0.most } }
  var total: Int { state.withLock { $0.total } }
}
