// Result files: their bytes, and what becomes of damaged ones.
import AtelierTesting
import Content
import Foundation
import Testing

@Suite struct ActionCacheTests {
  @Test func theFileIsCanonicalJSON() throws {
    let stored = try result("a", outputs: ["part": try record("x", "text/csv")])
    let text = String(decoding: try stored.fileBytes(), as: UTF8.self)
    #expect(
      text == #"""
        {"document":{"list":[1,{"a":2.5}],"quote":"}\"{\\","step":"a"},"exit":0,"host":"host-é",\#
        "key":"sha256:8b1efa5af2360543aa6e1dd868f5c1db9a2c4dc5405236887296c36bb0b492a0",\#
        "outputs":{"part":{"digest":"sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",\#
        "kind":"file","mediaType":"text/csv","size":1}},"seconds":0.125,\#
        "startedAt":"2025-11-21T11:48:54.123Z","version":1,"versions":{"duckdb":"v1.5.6"}}
        """#)
    #expect(try JSONValue(parsing: text).canonicalText() == text)
    #expect(ActionResult(fileBytes: Array(text.utf8), key: stored.key) == stored)
  }

  @Test func theFileLiesByItsKey() throws {
    let space = try Space()
    let stored = try result("a")
    try space.store.actions.store(stored)
    let hex = stored.key.digest.hex
    #expect(TestFiles.list("\(space.base)/ac") == ["\(hex.prefix(2))/\(hex).json"])
    #expect(try space.store.actions.keys() == [stored.key])
    try space.store.actions.remove(stored.key)
    #expect(try space.store.actions.keys() == [])
    #expect(try space.store.actions.lookup(stored.key) == nil)
  }

  @Test func everyTruncationIsAMiss() throws {
    let stored = try result("a", outputs: ["part": try record("x")])
    let bytes = try stored.fileBytes()
    for count in 0..<bytes.count {
      #expect(ActionResult(fileBytes: Array(bytes[..<count]), key: stored.key) == nil)
    }
  }

  @Test func everyFlippedByteOfTheDocumentIsAMiss() throws {
    let stored = try result("a", outputs: ["part": try record("x")])
    let bytes = try stored.fileBytes()
    for index in 0..<stored.document.count + 13 {
      var damaged = bytes
      damaged[index] ^= 1
      #expect(ActionResult(fileBytes: damaged, key: stored.key) == nil)
    }
  }

  @Test func rowsGiveBackTheResult() throws {
    for outputs in [[:], ["part": try record("x"), "log": try record("y", "é/ü")]] {
      let stored = try result("a", outputs: outputs)
      let row = stored.rowBytes
      #expect(ActionResult(rowBytes: row, key: stored.key) == stored)
      for count in 0..<row.count {
        #expect(ActionResult(rowBytes: Array(row[..<count]), key: stored.key) == nil)
      }
      for index in row.indices {
        var damaged = row
        damaged[index] ^= 0x80
        _ = ActionResult(rowBytes: damaged, key: stored.key)
      }
    }
  }

  @Test func noDamageCrashes() throws {
    let stored = try result("a", outputs: ["part": try record("x")])
    let bytes = try stored.fileBytes()
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        damaged[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
      if let read = ActionResult(fileBytes: damaged, key: stored.key) {
        #expect(read.document == stored.document)
      }
    }
  }

  @Test(arguments: ["", "{", "[]", "garbage", #"{"document":{},"exit":0}"#])
  func aBadFileIsAMissAndIsReplaced(_ text: String) throws {
    let space = try Space()
    let stored = try result("a")
    let path = space.store.layout.action(stored.key)
    try TestFiles.write(Array(text.utf8), to: path)
    #expect(try space.store.actions.lookup(stored.key) == nil)
    try space.store.actions.store(stored)
    #expect(try space.store.actions.lookup(stored.key) == stored)
    #expect(try TestFiles.read(path) == stored.fileBytes())
  }

  @Test func aFileUnderAnotherKeyIsAMiss() throws {
    let space = try Space()
    let other = try result("b")
    try TestFiles.write(
      try result("a").fileBytes(), to: space.store.layout.action(other.key))
    #expect(try space.store.actions.lookup(other.key) == nil)
  }

  @Test func aFolderInAFilesPlaceIsAMiss() throws {
    let space = try Space()
    let stored = try result("a")
    try TestFiles.write([], to: space.store.layout.action(stored.key) + "/x")
    #expect(try space.store.actions.lookup(stored.key) == nil)
  }

  @Test func numbersBeyondTheExactRangeKeepTheKey() throws {
    let space = try Space()
    let document: JSONValue = ["big": .number(0x1p60), "whole": .integer(1 << 60)]
    let bytes = try document.canonicalBytes()
    let stored = ActionResult(
      key: ActionKey(try Digest.of(bytes)), document: bytes, outputs: [:],
      startedAt: Timestamp(milliseconds: 0), seconds: 1, host: "h")
    try space.store.actions.store(stored)
    try space.store.close()
    try FileManager.default.removeItem(atPath: space.store.layout.index)
    #expect(try space.reopened().actions.lookup(stored.key) == stored)
  }
}
