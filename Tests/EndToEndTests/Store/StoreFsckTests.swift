// Damage of every kind, found by the built program: it names the step, and the next run makes
// exactly that again, with the same bytes.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct StoreFsckTests {
  private let space: FixtureSpace
  private let first: EndedProgram
  private let digests: [String: Digest]

  init() throws {
    space = try FixtureSpace([
      ["name": "one.a", "script": "echo a > $out"],
      [
        "name": "one.b", "inputs": ["one.a"], "tools": ["cat"],
        "script": "cat $one_a > $out; echo b >> $out",
      ],
      [
        "name": "one.c", "inputs": ["one.b"], "tools": ["cat"],
        "script": "cat $one_b > $out; echo c >> $out",
      ],
    ])
    let run = try space.run()
    try #require(run.code == 0, "\(run.err)")
    first = run
    digests = try ["one.a", "one.b", "one.c"].reduce(into: [:]) {
      $0[$1] = try run.digest(of: $1)
    }
  }

  enum Damage: String, CaseIterable { case flip, cut, gone, result, emptyResult }

  private func spoil(_ damage: Damage, _ step: String) throws {
    let blob = space.blob(try first.digest(of: step))
    chmod(blob, 0o644)
    let result = StoreOnDisk(space.store).result(try first.key(of: step))
    switch damage {
    case .flip:
      var bytes = try TestFiles.read(blob)
      bytes[0] ^= 1
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: blob))
      try handle.write(contentsOf: Data(bytes))
      try handle.close()
    case .cut: try #require(truncate(blob, 1) == 0)
    case .gone: try FileManager.default.removeItem(atPath: blob)
    case .result:
      var bytes = try TestFiles.read(result)
      bytes[bytes.count / 2] ^= 1
      try TestFiles.write(bytes, to: result)
    case .emptyResult: try TestFiles.write([], to: result)
    }
  }

  @Test(arguments: Damage.allCases) func theDamagedStepAloneRunsAgain(_ damage: Damage) throws {
    let disk = StoreOnDisk(space.store)
    let sound = try space.call("store", "fsck", "--json")
    #expect(sound.code == 0 && sound.events.last?["damages"] == 0, "\(sound.out)\(sound.err)")
    try spoil(damage, "one.b")
    let dry = try space.call("store", "fsck", "--json", "--dry-run")
    #expect(dry.code == 6 && disk.quarantine.isEmpty)
    #expect(dry.steps(in: "rerun") == ["one.b"], "\(dry.out)")
    let found = try space.call("store", "fsck", "--json")
    #expect(found.code == 6)
    #expect(found.steps(in: "rerun") == ["one.b"], "\(found.out)")
    let key = found.events.first { $0["event"] == "rerun" }?["key"]?.string
    #expect(try key == first.key(of: "one.b").description)
    #expect(disk.quarantine.count == (damage == .gone ? 0 : 1))

    let run = try space.run()
    #expect(
      run.statuses == ["one.a": "hit", "one.b": "built", "one.c": "hit"], "\(run.out)\(run.err)")
    for (step, digest) in digests { #expect(try run.digest(of: step) == digest) }
    let after = try space.call("store", "fsck")
    #expect(after.code == 0, "\(after.out)")
  }

  @Test func peopleReadWhichStepRunsAgain() throws {
    try spoil(.flip, "one.c")
    let found = try space.call("store", "fsck")
    #expect(found.code == 6)
    #expect(found.out.contains("blob     \(try first.digest(of: "one.c"))"), "\(found.out)")
    #expect(found.out.contains("runs again: one.c"), "\(found.out)")
    #expect(found.err.contains("1 damage"), "\(found.err)")
  }

  @Test func aRecordAndTheIndexAreLookedAtToo() throws {
    let disk = StoreOnDisk(space.store)
    let record = try #require(disk.runs.first)
    try TestFiles.write(Array("{".utf8), to: "\(disk.base)/runs/\(record)")
    let found = try space.call("store", "fsck", "--json")
    #expect(found.code == 6 && found.steps(in: "rerun").isEmpty)
    #expect(found.events.first?["kind"] == "record", "\(found.out)")
    #expect(try space.call("store", "fsck").code == 0)
    #expect(Set(try space.run().statuses.values) == ["hit"])
  }

  @Test func fsckBesideARunIsFine() throws {
    let run = try space.start(["run", "--json", "--cache", "off"])
    for _ in 0..<3 { #expect(try space.call("store", "fsck").code == 0) }
    #expect(try run.wait().code == 0)
  }
}
