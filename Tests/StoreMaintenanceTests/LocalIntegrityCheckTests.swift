// Looking for damage in a folder: all of it is found, put aside, and laid to the right action.
import AtelierTesting
import Content
import Foundation
import Testing

@testable import FileIndex
@testable import FileTools
@testable import StoreMaintenance

@Suite struct LocalIntegrityCheckTests {
  private let space: Space
  private let tree: OutputRecord
  private let made: ActionResult
  private let other: ActionResult

  init() throws {
    space = try Space()
    let folder = try space.scratchTree(["a": "1", "d/b": "22"])
    tree = try space.store.trees.adoptTree(folder, mediaType: "m")
    made = try result("tree", outputs: ["out": tree])
    other = try result("file", outputs: ["out": try space.adopt("text")])
    for result in [made, other] { try space.store.actions.store(result) }
    _ = try space.store.treeFolders.folder(of: tree)
    try space.store.runs.write(["v": 1], id: RunID(startedAt: .now()))
  }

  private func check(readOnly: Bool = false) throws -> IntegrityReport {
    let store = try space.reopened(readOnly: readOnly)
    defer { try? store.close() }
    var report = LocalIntegrityCheck(store) { id, json in
      json["v"] == 1 ? RunRoots(id: id, group: "w", steps: [:], uncachedOutputs: []) : nil
    }
    return try #require(try report.run())
  }

  private func path(_ text: String) throws -> String {
    space.store.layout.blob(try Digest.of(text))
  }

  private var quarantine: [String] { TestFiles.list(space.base + "/quarantine") }

  @Test func aSoundStoreIsSound() throws {
    let found = try check()
    #expect(found.damages.isEmpty && found.affected.isEmpty)
    #expect(found.blobs == 4 && found.results == 2 && found.records == 1 && found.trees == 1)
    #expect(found.bytes == tree.size + 7)
  }

  @Test func aChangedBlobIsFoundAlthoughNothingShows() throws {
    // The memo vouches for this identity.
    settle()
    let blob = try path("22")
    let digest = try space.store.memo.hash(blob).digest
    space.store.memo.flush()
    try editInPlace(blob, "23")
    let identity = try #require(try FileIdentity(ofFile: blob))
    space.store.index.remember(
      MemoRow(identity: identity, digest: digest, path: ""), afterSync: false)
    try space.store.close()
    #expect(try space.reopened().trees.check(tree) == .good)

    let looked = try check(readOnly: true)
    #expect(looked.damages.map(\.kind) == [.blob] && looked.affected == [made.key])
    #expect(quarantine.isEmpty)
    let found = try check()
    #expect(found.damages.map(\.name) == [digest.description])
    #expect(found.affected == [made.key])
    #expect(quarantine == ["\(digest.hex).0"])
    #expect(try space.reopened().trees.check(other.outputs["out"] ?? tree) == .good)
    #expect(try check().damages.contains { $0.kind == .missing })
  }

  @Test func aCutAndAMissingBlobAreFound() throws {
    try editInPlace(try path("text"), "te")
    try FileManager.default.removeItem(atPath: try path("1"))
    let found = try check()
    #expect(Set(found.damages.map(\.kind)).isSuperset(of: [.blob, .missing]))
    #expect(Set(found.affected) == [made.key, other.key])
  }

  @Test func aDamagedManifestIsFound() throws {
    try editInPlace(space.store.layout.blob(tree.digest), "[]")
    let found = try check()
    #expect(found.damages.contains { $0.kind == .blob && $0.name == tree.digest.description })
    #expect(found.affected == [made.key])
  }

  @Test(arguments: ["", "{}", "{\"document\":{}", "garbage"])
  func aDamagedResultIsPutAsideAndForgotten(_ text: String) throws {
    try TestFiles.write(Array(text.utf8), to: space.store.layout.action(other.key))
    let found = try check()
    #expect(found.damages.map(\.kind) == [.result] && found.affected == [other.key])
    #expect(quarantine == ["\(other.key.digest.hex).json.0"])
    #expect(try space.reopened().actions.lookup(other.key) == nil)
    #expect(try check().damages.isEmpty)
  }

  @Test func aDamagedRecordIsPutAsideButNotOneOfALaterVersion() throws {
    let id = RunID(startedAt: .now())
    try TestFiles.write(Array("{".utf8), to: space.store.runs.path(of: id))
    let later = RunID(startedAt: .now())
    try TestFiles.write(Array("{\"v\":2}".utf8), to: space.store.runs.path(of: later))
    #expect(try check().damages.map(\.name) == [id.description])
    #expect(quarantine == ["\(id).json.0"])
  }

  @Test func aFolderOfATreeWithAnotherFileIsTakenAway() throws {
    let folder = space.store.layout.tree(tree.digest)
    chmod(folder, 0o755)
    try TestFiles.write([1], to: folder + "/new")
    let found = try check()
    #expect(found.damages.map(\.kind) == [.tree] && found.affected.isEmpty)
    #expect(TestFiles.list(space.base + "/trees").isEmpty)
    #expect(try check().damages.isEmpty)
  }

  @Test func aBrokenIndexAndAWrongRowAreFound() throws {
    let wrong = try result("file", outputs: ["out": tree])
    #expect(wrong.key == other.key)
    let store = try space.reopened()
    store.index.remember(other.key, result: wrong.rowBytes)
    try store.close()
    #expect(try check().damages.map(\.kind) == [.index])
    #expect(try check().damages.isEmpty)
    try space.store.close()
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: space.base + "/index.sqlite" + suffix)
    }
    try TestFiles.write(Array(repeating: 7, count: 9000), to: space.base + "/index.sqlite")
    #expect(try check().damages.map(\.kind) == [.index])
    #expect(try check().damages.isEmpty)
  }

  @Test func whatTheBucketHoldsComesFromThere() throws {
    try TestFiles.write([], to: "\(space.base)/remote/1/held/\(other.key.digest.hex)")
    try FileManager.default.removeItem(atPath: try path("text"))
    #expect(try check().damages.isEmpty)
    let text = try path("text")
    try TestFiles.write([1], to: text)
    let found = try check()
    #expect(found.damages.map(\.kind) == [.blob])
    #expect(found.affected.isEmpty && found.fetched == [other.key])
  }
}
