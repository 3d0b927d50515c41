// One holder a key, among threads and processes.
import AtelierTesting
import Content
import Foundation
import Synchronization
import Testing

@testable import LocalStores

/// A process that holds a key until its input ends: the engine's locks are no `flock`s.
private final class Holder {
  private let process = Process()
  private let input = Pipe()

  private static let program = """
    import fcntl, struct, sys
    file = open(sys.argv[1], "a+b")
    place = int(sys.argv[2][:16], 16) >> 1
    lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, place, 1, 0)
    fcntl.fcntl(file, getattr(fcntl, "F_OFD_SETLK", fcntl.F_SETLK), lock)
    print("held", flush=True)
    sys.stdin.readline()
    """

  init(_ key: ActionKey, of store: LocalStore) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.program, store.layout.lockFile, key.digest.hex]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    #expect(output.fileHandleForReading.readData(ofLength: 5) == Data("held\n".utf8))
  }

  func unlock() throws {
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

  private var path: String { space.store.layout.lockFile }

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
    let holder = try Holder(key, of: space.store)
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
    try holder.unlock()
    #expect(try isFree())
  }

  @Test func aWaiterGetsTheKeyWhenItIsLetGo() throws {
    let holder = try Holder(key, of: space.store)
    let polls = Mutex(0)
    let lock = try space.store.locks.wait(for: key) {
      polls.withLock { $0 += 1 }
      try? holder.unlock()
      return false
    }
    #expect(lock != nil)
    #expect(polls.withLock { $0 } >= 1)
  }

  @Test func anotherStoreOfThisProcessExcludesUs() throws {
    let lock = try #require(try space.reopened().locks.attempt(key))
    #expect(try !isFree())
    #expect(try space.store.locks.attempt(result("b").key) != nil)
    lock.release()
    #expect(try isFree())
  }

  @Test func oneKeyLetGoKeepsTheOthers() throws {
    let locks = try ["a", "b", "c"].map { try space.store.locks.attempt(result($0).key) }
    let other = try space.reopened()
    locks[1]?.release()
    #expect(try other.locks.attempt(result("a").key) == nil)
    #expect(try other.locks.attempt(result("b").key) != nil)
    #expect(try other.locks.attempt(result("c").key) == nil)
  }

  @Test func theEndOfTheValueLetsGo() throws {
    do {
      let lock = try space.store.locks.attempt(key)
      #expect(try lock != nil && !isFree())
    }
    #expect(try isFree())
  }

  @Test func aLockOnARemovedFileIsNotHeld() throws {
    let holder = try Holder(key, of: space.store)
    try FileManager.default.removeItem(atPath: path)
    #expect(try isFree())
    try holder.unlock()
  }

  @Test func aRemovedFileIsMadeAgainAndShared() throws {
    let before = try #require(try space.store.locks.attempt(result("b").key))
    try FileManager.default.removeItem(atPath: path)
    let lock = try #require(try space.store.locks.attempt(key))
    #expect(try space.reopened().locks.attempt(key) == nil)
    before.release()
    #expect(try space.reopened().locks.attempt(key) == nil)
    lock.release()
    #expect(try space.reopened().locks.attempt(key) != nil)
  }

  @Test(arguments: [0o755, 0o775, 0o777] as [mode_t])
  func whoeverMayMakeFilesMayLock(_ mode: mode_t) throws {
    chmod(space.store.layout.base, mode)
    #expect(try isFree())
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == Int(mode & 0o666))
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
            // Long enough that another one inside would be counted.
            usleep(100)
            room.leave()
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
