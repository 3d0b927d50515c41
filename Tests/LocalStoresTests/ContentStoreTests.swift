// How files become blobs of a folder.
import AtelierTesting
import Content
import Foundation
import StoreFolder
import Testing

@testable import FileTools
@testable import LocalStores

@Suite struct ContentStoreTests {
  @Test func adoptingMovesAndSeals() throws {
    let space = try Space()
    let path = try space.scratch("hello\n")
    let record = try space.store.objects.adopt(file: path, mediaType: "text/plain")
    let hex = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
    #expect(
      record
        == OutputRecord(
          digest: try #require(Digest(hex)), size: 6, mediaType: "text/plain", kind: .file))
    #expect(!FileManager.default.fileExists(atPath: path))
    let blob = "\(space.base)/cas/sha256/58/\(hex)"
    #expect(try TestFiles.text(blob) == "hello\n")
    #expect(try mode(blob) == 0o444)
    #expect(TestFiles.list("\(space.base)/cas") == ["sha256/58/\(hex)"])
  }

  @Test func adoptingTwiceKeepsTheFirst() throws {
    let space = try Space()
    let first = try space.adopt("same")
    let inode = try FileIdentity(ofFile: space.store.layout.blob(first.digest))
    #expect(try space.adopt("same") == first)
    #expect(try FileIdentity(ofFile: space.store.layout.blob(first.digest)) == inode)
  }

  @Test func adoptingReplacesADamagedBlob() throws {
    let space = try Space()
    let record = try space.adopt("right")
    try editInPlace(space.store.layout.blob(record.digest), "wrong")
    _ = try space.adopt("right")
    #expect(try TestFiles.text(space.store.layout.blob(record.digest)) == "right")
    #expect(
      try TestFiles.text("\(space.base)/quarantine/\(record.digest.hex).0") == "wrong")
  }

  @Test func aHardLinkedFileIsCopied() throws {
    let space = try Space()
    let path = try space.scratch("linked")
    let other = space.folder("other")
    try FileManager.default.linkItem(atPath: path, toPath: other)
    let record = try space.store.objects.adopt(file: path, mediaType: "text/plain")
    try editInPlace(other, "LINKED")
    #expect(try space.store.objects.bytes(of: record.digest) == Array("linked".utf8))
    #expect(try mode(other) == 0o644)
  }

  @Test func importingLeavesTheOriginalAlone() throws {
    let space = try Space()
    let path = try space.folder.write("outside", to: "outside")
    let before = try FileIdentity(ofFile: path)
    let record = try space.store.objects.importCopy(of: path, mediaType: "text/plain")
    #expect(try FileIdentity(ofFile: path) == before)
    #expect(try space.store.objects.bytes(of: record.digest) == Array("outside".utf8))
  }

  @Test func whatIsNoFileIsRefused() throws {
    let space = try Space()
    let link = space.folder("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/etc/hostname")
    for (path, found) in [
      (link, "a symlink"), (space.folder.path, "a folder"), (space.folder("none"), "absent"),
    ] {
      #expect(throws: FileError.unsuitable(path: path, found: found, expected: "a file")) {
        try space.store.objects.adopt(file: path, mediaType: "text/plain")
      }
    }
    #expect(TestFiles.list("\(space.base)/cas") == [])
  }

  @Test func readingDamagedBytesThrows() throws {
    let space = try Space()
    let record = try space.adopt("right")
    let blob = space.store.layout.blob(record.digest)
    try editInPlace(blob, "wrong")
    #expect(
      throws: StoreError.wrongDigest(
        path: blob, expected: record.digest, found: try Digest.of("wrong"))
    ) { try space.store.objects.bytes(of: record.digest) }
  }

  @Test func eightThreadsAdoptTheSameAndOthers() async throws {
    let space = try Space()
    let objects = space.store.objects
    try await withThrowingTaskGroup(of: Void.self) { group in
      for thread in 0..<8 {
        group.addTask {
          for number in 0..<50 {
            let path = try space.scratch("shared \(number)", "t\(thread)-\(number)")
            let shared = try objects.adopt(file: path, mediaType: "text/plain")
            #expect(try shared == record("shared \(number)"))
            let own = try objects.put(bytes: Array("own \(thread) \(number)".utf8))
            #expect(try objects.contains(own))
            #expect(try space.store.trees.check(shared) == .good)
          }
        }
      }
      try await group.waitForAll()
    }
    let names = TestFiles.list("\(space.base)/cas")
    #expect(names.count == 50 + 400)
    for name in names {
      let bytes = try TestFiles.read("\(space.base)/cas/\(name)")
      #expect(name.hasSuffix("/" + (try Digest.of(bytes).hex)))
    }
    #expect(TestFiles.list("\(space.base)/quarantine") == [])
  }

  @Test func nothingIsLeftOfAClosedStoreButItsContent() throws {
    let space = try Space()
    let digest = try space.store.objects.put(bytes: [1, 2, 3])
    try space.store.close()
    let names = TestFiles.list(space.base).filter { !$0.hasPrefix("index.sqlite") }
    let hex = digest.hex
    #expect(names == ["CACHEDIR.TAG", "cas/sha256/\(hex.prefix(2))/\(hex)", "use.lock", "version"])
  }
}
