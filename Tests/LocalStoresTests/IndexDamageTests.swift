// The index may be deleted, damaged or locked at any time; only speed may suffer.
import AtelierTesting
import Content
import Foundation
import Testing

@testable import FileIndex

/// What can happen to the index's files.
enum IndexFate: CaseIterable {
  case deleted, logDeleted, emptied, truncated, garbage, garbageInside, folder, otherProgram

  func befall(_ path: String) throws {
    let manager = FileManager.default
    let size = try TestFiles.read(path).count
    switch self {
    case .deleted: try manager.removeItem(atPath: path)
    case .logDeleted:
      for suffix in ["-wal", "-shm"] { try? manager.removeItem(atPath: path + suffix) }
    case .emptied: truncate(path, 0)
    case .truncated: truncate(path, size / 2 + 100)
    case .garbage: try TestFiles.write([UInt8](repeating: 0x5A, count: size), to: path)
    case .garbageInside:
      var bytes = try TestFiles.read(path)
      for index in 100..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
      try TestFiles.write(bytes, to: path)
    case .folder:
      try manager.removeItem(atPath: path)
      try manager.createDirectory(atPath: path + "/x", withIntermediateDirectories: true)
    case .otherProgram:
      try manager.removeItem(atPath: path)
      let other = try SQLiteConnection(uri: "file:" + path, readOnly: false)
      try other.execute("CREATE TABLE memo (x); PRAGMA user_version=99")
    }
  }
}

@Suite struct IndexDamageTests {
  /// A closed store with one result, its blob, and rows for both.
  private func filled() throws -> (Space, ActionResult, FileDigest, String) {
    let space = try Space()
    let path = try space.folder.write("input", to: "input")
    settle()
    let input = try space.store.memo.digest(ofFile: path)
    let stored = try result("a", outputs: ["part": space.adopt("blob")])
    let queue = space.store.commitQueue(sync: {})
    queue.submit(stored) { _ in }
    try queue.close()
    try space.store.close()
    return (space, stored, input, path)
  }

  @Test(arguments: IndexFate.allCases, [false, true])
  func aDamagedIndexCostsNothingButTime(_ fate: IndexFate, _ readOnly: Bool) throws {
    let (space, stored, input, path) = try filled()
    try fate.befall(space.store.layout.index)
    let store = try space.reopened(readOnly: readOnly)
    #expect(try store.actions.lookup(stored.key) == stored)
    #expect(try store.actions.lookup(result("b").key) == nil)
    #expect(try store.memo.digest(ofFile: path) == input)
    #expect(try store.trees.check(#require(stored.outputs["part"])) == .good)
    try store.close()
    if readOnly { return }
    // It was made anew: the next opening finds rows again.
    #expect(try space.reopened().memo.index.digest(of: input.identity) == input.digest)
    #expect(try space.reopened().memo.index.action(stored.key) != nil)
  }

  @Test func anIndexThatVanishesWhileOpenIsNoMatter() throws {
    let (space, stored, input, path) = try filled()
    let store = try space.reopened()
    #expect(try store.actions.lookup(stored.key) == stored)
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: space.store.layout.index + suffix)
    }
    #expect(try store.memo.digest(ofFile: path) == input)
    let next = try result("next")
    try store.actions.store(next)
    try store.close()
    #expect(try space.reopened().actions.lookup(next.key) == next)
  }

  @Test func aForgedRowIsNotBelieved() throws {
    let (space, stored, input, path) = try filled()
    let fake = try Digest.of("fake").hex
    let connection = try SQLiteConnection(
      uri: "file:" + space.store.layout.index, readOnly: false)
    try connection.execute("UPDATE memo SET digest = x'\(fake)'")
    try connection.execute("UPDATE actions SET result = result || x'00'")
    let store = try space.reopened()
    #expect(try store.memo.digest(ofFile: path) == input)
    #expect(try store.actions.lookup(stored.key) == stored)
  }

  @Test func aLockedIndexIsDoneWithout() throws {
    let (space, stored, input, path) = try filled()
    let other = try SQLiteConnection(uri: "file:" + space.store.layout.index, readOnly: false)
    try other.execute("BEGIN EXCLUSIVE")
    let store = try space.reopened()
    #expect(try store.actions.lookup(stored.key) == stored)
    #expect(try store.memo.digest(ofFile: path) == input)
    try other.execute("COMMIT")
  }

  @Test func removingAllResultsIsNoticed() throws {
    let (space, stored, _, _) = try filled()
    try FileManager.default.removeItem(atPath: "\(space.base)/ac")
    #expect(try space.reopened(readOnly: true).actions.lookup(stored.key) == nil)
    #expect(try space.reopened().actions.lookup(stored.key) == nil)
  }

  @Test func threadsShareTheIndex() async throws {
    let space = try Space()
    let memo = space.store.memo
    let paths = try (0..<400).map { try space.folder.write("file \($0)", to: "in/\($0)") }
    settle()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for (number, path) in paths.enumerated() {
            let found = try memo.digest(ofFile: path)
            #expect(try found.digest == Digest.of("file \(number)"))
          }
          memo.flush()
        }
      }
      try await group.waitForAll()
    }
  }
}
