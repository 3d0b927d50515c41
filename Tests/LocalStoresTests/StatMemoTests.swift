// When a digest is remembered, and when not.
import AtelierTesting
import Content
import Foundation
import Testing

@testable import FileIndex
@testable import FileTools

@Suite struct StatMemoTests {
  @Test func aSettledFileIsReadOnce() throws {
    let space = try Space()
    let path = try space.folder.write("one", to: "file")
    settle()
    let first = try space.store.memo.digest(ofFile: path)
    #expect(first.digest == (try Digest.of("one")) && first.size == 3)
    #expect(try FileIdentity(ofFile: path) == first.identity)
    #expect(space.store.memo.index.digest(of: first.identity) == first.digest)
    try space.store.close()
    #expect(try space.reopened().memo.index.digest(of: first.identity) == first.digest)
    #expect(
      try space.reopened(readOnly: true).memo.index.digest(of: first.identity) == first.digest)
  }

  @Test func whatIsRememberedIsTrusted() throws {
    let space = try Space()
    let path = try space.folder.write("one", to: "file")
    let identity = try #require(try FileIdentity(ofFile: path))
    let other = try Digest.of("other")
    space.store.memo.index.remember(
      MemoRow(identity: identity, digest: other, path: ""), afterSync: false)
    #expect(try space.store.memo.digest(ofFile: path).digest == other)
  }

  @Test func aFreshFileIsNotSettled() {
    func isSettled(mtime: Int64, ctime: Int64) -> Bool {
      FileIdentity(device: 1, inode: 2, size: 3, mtime: mtime, ctime: ctime)
        .isSettled(at: 9_000_000_000)
    }
    #expect(isSettled(mtime: 8_950_000_001, ctime: 8_950_000_001))
    #expect(!isSettled(mtime: 8_999_999_999, ctime: 8_950_000_001))
    #expect(!isSettled(mtime: 8_950_000_001, ctime: 8_999_999_999))
    #expect(!isSettled(mtime: 0, ctime: 9_000_000_001))
    // Set by hand: a change would bring it back.
    #expect(isSettled(mtime: 9_900_000_001, ctime: 8_950_000_001))
    // Whole seconds and hundredths come from coarse clocks.
    #expect(!isSettled(mtime: 0, ctime: 8_000_000_000))
    #expect(!isSettled(mtime: 0, ctime: 7_000_000_000))
    #expect(isSettled(mtime: 0, ctime: 6_000_000_000))
    #expect(!isSettled(mtime: 0, ctime: 8_980_000_000))
    #expect(isSettled(mtime: 0, ctime: 8_950_000_000))
  }

  @Test func aFileFromTheFutureIsKnownByItsCtime() throws {
    let space = try Space()
    let path = try space.folder.write("one", to: "file")
    setMtime(path, 4_000_000_000_000_000_000)
    settle()
    let first = try space.store.memo.digest(ofFile: path)
    #expect(space.store.memo.index.digest(of: first.identity) == first.digest)
    try editInPlace(path, "two")
    #expect(try space.store.memo.digest(ofFile: path).digest == Digest.of("two"))
  }

  @Test func aChangeOfSameSizeAndMtimeIsSeen() throws {
    let space = try Space()
    let path = try space.folder.write("one", to: "file")
    settle()
    let first = try space.store.memo.digest(ofFile: path)
    try editInPlace(path, "two")
    let second = try space.store.memo.digest(ofFile: path)
    #expect(second.digest == (try Digest.of("two")))
    #expect(second.identity != first.identity)
    #expect(second.identity.mtime == first.identity.mtime)
  }

  @Test func aReplacedFileIsSeen() throws {
    let space = try Space()
    let path = try space.folder.write("one", to: "file")
    settle()
    _ = try space.store.memo.digest(ofFile: path)
    let other = try space.folder.write("two", to: "other")
    rename(other, path)
    #expect(try space.store.memo.digest(ofFile: path).digest == Digest.of("two"))
  }

  @Test func aSymlinkCountsAsItsFile() throws {
    let space = try Space()
    try space.folder.write("one", to: "file")
    let link = space.folder("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "file")
    #expect(try space.store.memo.digest(ofFile: link).digest == Digest.of("one"))
    #expect(
      throws: FileError.unsuitable(
        path: space.folder("none"), found: "absent", expected: "a file")
    ) { try space.store.memo.digest(ofFile: space.folder("none")) }
  }

  @Test func blobsAreRememberedOnlyAfterAFlush() throws {
    let space = try Space()
    let record = try space.adopt("blob")
    let identity = try #require(try FileIdentity(ofFile: space.store.layout.blob(record.digest)))

    #expect(space.store.memo.index.digest(of: identity) == record.digest)
    space.store.memo.flush()
    #expect(try space.reopened(readOnly: true).memo.index.digest(of: identity) == nil)
    space.store.memo.index.didSync(space.store.memo.index.willSync())
    try space.store.close()
    #expect(try space.reopened(readOnly: true).memo.index.digest(of: identity) == record.digest)
  }
}
