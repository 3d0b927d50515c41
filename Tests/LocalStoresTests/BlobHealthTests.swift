// What the check of an output finds, and what it costs.
import AtelierTesting
import Content
import Foundation
import StoreFolder
import Testing

@testable import FileTools
@testable import LocalStores

@Suite struct BlobHealthTests {
  @Test func aMissingBlobIsNamed() throws {
    let space = try Space()
    let lost = try record("never stored")
    #expect(try space.store.trees.check(lost) == .missing([lost.digest]))
  }

  /// Every change of one blob, and what becomes of it.
  @Test(
    arguments: [
      ("same size, same mtime", "wrong!", true), ("same size, new mtime", "wrong!", false),
      ("truncated", "rig", true), ("emptied", "", true), ("longer", "right! and more", false),
    ])
  func aChangedBlobIsQuarantined(_ name: String, _ bytes: String, _ keepingMtime: Bool) throws {
    let space = try Space()
    let record = try space.adopt("right!")
    #expect(try space.store.trees.check(record) == .good)
    settle()
    try editInPlace(space.store.layout.blob(record.digest), bytes, keepingMtime: keepingMtime)
    #expect(try space.store.trees.check(record) == .quarantined([record.digest]))
    #expect(try TestFiles.text("\(space.base)/quarantine/\(record.digest.hex).0") == bytes)
    #expect(try space.store.trees.check(record) == .missing([record.digest]))
  }

  @Test func aChangeAfterReopeningIsFound() throws {
    let space = try Space()
    let record = try space.adopt("right!")
    let queue = space.store.commitQueue(sync: {})
    queue.submit(try result("a"), completion: { _ in })
    try queue.close()
    try space.store.close()
    settle()
    let blob = space.store.layout.blob(record.digest)
    let identity = try #require(try FileIdentity(ofFile: blob))
    let again = try space.reopened()
    #expect(again.memo.index.digest(of: identity) == record.digest)
    try editInPlace(blob, "wrong!")
    #expect(try again.trees.check(record) == .quarantined([record.digest]))
  }

  @Test func touchingWithoutChangingIsFine() throws {
    let space = try Space()
    let record = try space.adopt("right!")
    let blob = space.store.layout.blob(record.digest)
    setMtime(blob, 1_700_000_000_000_000_000)
    settle()
    #expect(try space.store.trees.check(record) == .good)
    let identity = try #require(try FileIdentity(ofFile: blob))
    #expect(space.store.memo.index.digest(of: identity) == record.digest)
  }

  @Test func aFolderInABlobsPlaceIsQuarantined() throws {
    let space = try Space()
    let record = try space.adopt("right!")
    let blob = space.store.layout.blob(record.digest)
    try FileManager.default.removeItem(atPath: blob)
    try FileManager.default.createDirectory(atPath: blob, withIntermediateDirectories: false)
    #expect(try space.store.trees.check(record) == .quarantined([record.digest]))
    _ = try space.adopt("right!")
    #expect(try space.store.trees.check(record) == .good)
  }

  @Test func aRecordOfAnotherSizeIsAMissAndTheBlobStays() throws {
    let space = try Space()
    let good = try space.adopt("right!")
    let wrong = OutputRecord(digest: good.digest, size: 7, mediaType: "text/plain", kind: .file)
    #expect(try space.store.trees.check(wrong) == .missing([good.digest]))
    #expect(try space.store.trees.check(good) == .good)
  }

  @Test func theNumberInQuarantineGrows() throws {
    let space = try Space()
    let digest = try record("right!").digest
    for number in 0..<3 {
      let record = try space.adopt("right!")
      try editInPlace(space.store.layout.blob(digest), "bad \(number)")
      #expect(try space.store.trees.check(record) == .quarantined([digest]))
    }
    let names = TestFiles.list("\(space.base)/quarantine")
    #expect(names == ["\(digest.hex).0", "\(digest.hex).1", "\(digest.hex).2"])
  }

  @Test func aTreeIsCheckedWithItsFiles() throws {
    let space = try Space()
    let trees = space.store.trees
    let tree = try trees.adoptTree(
      space.scratchTree(["a": "1", "d/b": "22", "d/c": "333"]), mediaType: "tree")
    #expect(try trees.check(tree) == .good)
    let digests = try ["1", "22", "333"].map { try Digest.of($0) }
    try FileManager.default.removeItem(atPath: space.store.layout.blob(digests[0]))
    #expect(try trees.check(tree) == .missing([digests[0]]))
    try editInPlace(space.store.layout.blob(digests[1]), "2!")
    #expect(try trees.check(tree) == .quarantined([digests[1]]))
    #expect(try trees.check(tree) == .missing([digests[0], digests[1]]))
    try FileManager.default.removeItem(atPath: space.store.layout.blob(tree.digest))
    #expect(try trees.check(tree) == .missing([tree.digest]))
  }

  @Test func theQuickCheckOfATreeMissesNothing() throws {
    let space = try Space()
    let files = ["a": "1", #"q"{"digest":"sha256:x"#: "22", "d/é": "333", "same": "1"]
    let tree = try space.store.trees.adoptTree(space.scratchTree(files), mediaType: "tree")
    let queue = space.store.commitQueue(sync: {})
    try queue.submit(result("a", outputs: ["tree": tree])) { _ in }
    try queue.close()
    #expect(try space.store.trees.check(tree) == .good)
    let sound = try #require(space.store.memo.index.files(ofTree: tree.digest))
    #expect(try space.store.trees.identities(ofFilesIn: tree) == sound)
    try space.store.close()
    let again = try space.reopened()
    #expect(try again.trees.check(tree) == .good)
    settle()
    let digest = try Digest.of("22")
    try editInPlace(again.layout.blob(digest), "2!")
    #expect(try again.trees.check(tree) == .quarantined([digest]))
    #expect(try again.trees.check(tree) == .missing([digest]))
    _ = try again.objects.put(bytes: Array("22".utf8))
    #expect(try again.trees.check(tree) == .good)
    let now = try #require(try again.trees.identities(ofFilesIn: tree))
    #expect(now != sound)
    #expect(again.memo.index.files(ofTree: tree.digest) == now)
    // A power cut could take the new blob: nothing of it is written before a flush.
    try again.close()
    #expect(try space.reopened().memo.index.files(ofTree: tree.digest) == sound)
  }

  @Test func aTreeRecordOfAFileIsAMiss() throws {
    let space = try Space()
    let file = try space.adopt("[not a manifest]")
    let tree = OutputRecord(digest: file.digest, size: file.size, mediaType: "tree", kind: .tree)
    #expect(try space.store.trees.check(tree) == .missing([file.digest]))
    #expect(try space.store.trees.check(file) == .good)
  }

  @Test func aReadOnlyStoreReportsAndTouchesNothing() throws {
    let space = try Space()
    let record = try space.adopt("right!")
    try editInPlace(space.store.layout.blob(record.digest), "wrong!")
    try space.store.close()
    let before = TestFiles.list(space.base)
    let reader = try space.reopened(readOnly: true)
    #expect(try reader.trees.check(record) == .quarantined([record.digest]))
    #expect(throws: StoreError.readOnly(path: space.store.layout.root)) {
      try reader.objects.put(bytes: [1])
    }
    try reader.close()
    #expect(TestFiles.list(space.base) == before)
  }
}
