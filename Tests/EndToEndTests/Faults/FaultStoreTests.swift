// A store that lost or damaged something: the next run is right without a flag.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct FaultStoreTests {
  /// Three steps in a row that ran once; the run.
  private func ready() throws -> (FixtureSpace, EndedProgram) {
    let space = try FixtureSpace([
      ["name": "one.a", "script": "echo some words > $out"],
      [
        "name": "one.b", "inputs": ["one.a"], "tools": ["cat"],
        "script": "cat $one_a > $out; echo more >> $out",
      ],
      [
        "name": "two.c", "inputs": ["one.b"], "tools": ["cat"],
        "script": "cat $one_b > $out; echo end >> $out",
      ],
    ])
    let run = try space.run()
    try #require(run.code == 0, "\(run.err)")
    return (space, run)
  }

  /// Runs again: only the named steps are made again, all digests are as before, and all blobs are sound.
  private func expectRebuilt(
    _ names: Set<String>, _ space: FixtureSpace, _ before: EndedProgram
  ) throws {
    let run = try space.run()
    #expect(run.code == 0, "\(run.err)")
    for name in ["one.a", "one.b", "two.c"] {
      #expect(run.statuses[name] == (names.contains(name) ? "built" : "hit"), "\(name)")
      #expect(try run.digest(of: name) == before.digest(of: name), "\(name)")
    }
    var known: Set<String> = []
    #expect(try space.wrongBlobs(known: &known).isEmpty)
    #expect(try space.text(of: "two.c", in: run) == "some words\nmore\nend\n")
    #expect(try space.run().statuses.values.allSatisfy { $0 == "hit" })
  }

  private func quarantined(_ space: FixtureSpace) -> Int {
    TestFiles.list(space.store + "/.atelier/quarantine").count
  }

  @Test(arguments: ["one.a", "one.b", "two.c"])
  func aBlobThatIsGoneIsMadeAgain(_ name: String) throws {
    let (space, before) = try ready()
    try FileManager.default.removeItem(atPath: space.blob(try before.digest(of: name)))
    try expectRebuilt([name], space, before)
    #expect(quarantined(space) == 0)
  }

  enum Damage: CaseIterable { case otherBytes, otherBytesOldTime, truncated, emptied, longer }

  @Test(arguments: Damage.allCases)
  func aDamagedBlobIsQuarantinedAndMadeAgain(_ damage: Damage) throws {
    let (space, before) = try ready()
    let path = space.blob(try before.digest(of: "one.b"))
    let times = try FileManager.default.attributesOfItem(atPath: path)
    var bytes = try TestFiles.read(path)
    switch damage {
    case .otherBytes, .otherBytesOldTime: bytes[3] ^= 0x20
    case .truncated: bytes.removeLast(4)
    case .emptied: bytes = []
    case .longer: bytes.append(0x0A)
    }
    chmod(path, 0o644)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data(bytes))
    try file.close()
    chmod(path, 0o444)
    if damage == .otherBytesOldTime, let time = times[.modificationDate] {
      try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
    }
    try expectRebuilt(["one.b"], space, before)
    #expect(quarantined(space) == 1)
  }

  enum KeyFile: CaseIterable { case truncated, garbage, empty, gone, ofAnotherKey }

  @Test(arguments: KeyFile.allCases, [true, false])
  func aDamagedKeyFileIsNoResult(_ damage: KeyFile, withoutIndex: Bool) throws {
    let (space, before) = try ready()
    func path(_ name: String) throws -> String {
      let key = try #require(before.step(name)?["key"]?.string.flatMap { Digest($0) })
      return "\(space.store)/.atelier/ac/\(key.hex.prefix(2))/\(key.hex).json"
    }
    let file = try path("one.b")
    let bytes = try TestFiles.read(file)
    switch damage {
    case .truncated: try TestFiles.write(Array(bytes.prefix(bytes.count / 2)), to: file)
    case .garbage: try TestFiles.write(bytes.map { $0 ^ 0x55 }, to: file)
    case .empty: try TestFiles.write([], to: file)
    case .gone: try FileManager.default.removeItem(atPath: file)
    case .ofAnotherKey: try TestFiles.write(try TestFiles.read(path("two.c")), to: file)
    }
    if withoutIndex { removeIndex(space) }
    // The index holds the same result, sealed; without it the file is all there is.
    try expectRebuilt(withoutIndex ? ["one.b"] : [], space, before)
  }

  private func removeIndex(_ space: FixtureSpace) {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: space.store + "/.atelier/index.sqlite" + suffix)
    }
  }

  @Test func aDeletedIndexIsMadeAgain() throws {
    let (space, before) = try ready()
    removeIndex(space)
    try expectRebuilt([], space, before)
  }

  @Test(arguments: [0, 100, 5000])
  func anIndexOfGarbageIsMadeAgain(_ kept: Int) throws {
    let (space, before) = try ready()
    let path = space.store + "/.atelier/index.sqlite"
    let bytes = try TestFiles.read(path)
    let tail = bytes.dropFirst(kept).map { $0 &* 31 &+ 7 }
    try TestFiles.write(Array(bytes.prefix(kept)) + tail, to: path)
    try expectRebuilt([], space, before)
  }

  @Test func aRunLeavesNoScratch() throws {
    let (space, _) = try ready()
    _ = try space.run()
    _ = try space.call("verify")
    for folder in ["tmp", "work"] {
      let names = try FileManager.default.contentsOfDirectory(
        atPath: "\(space.store)/.atelier/\(folder)")
      #expect(names.isEmpty, "\(folder): \(names)")
    }
  }

  @Test func aRecordOfGarbageIsNoObstacle() throws {
    let (space, before) = try ready()
    let runs = space.store + "/.atelier/runs"
    for name in TestFiles.list(runs) { try TestFiles.write([0x7B, 0x7B], to: "\(runs)/\(name)") }
    try expectRebuilt([], space, before)
  }
}
