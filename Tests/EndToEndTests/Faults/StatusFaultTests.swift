// `status`, `run -n` and `explain` say what `run` then does, and why.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct StatusFaultTests {
  private static func export(_ dataset: String) -> [JSONValue] {
    [
      ["name": "one.a", "script": "echo a > $out"],
      ["name": "two.export", "deliver": "one.a", "dataset": .string(dataset)],
      [
        "name": "two.user", "inputs": ["two.export"], "tools": ["cat"],
        "script": "cat $two_export > $out",
      ],
    ]
  }

  /// Expects that a delivery is announced by all, is made, and is then announced no more.
  private func expectDelivery(_ space: FixtureSpace, _ reason: String) throws {
    let status = try space.call("status")
    #expect(status.code == 3)
    let line = status.out.split(separator: "\n").first { $0.hasPrefix("two.export") } ?? ""
    #expect(line.contains("will deliver  to "), "\(status.out)")
    #expect(line.hasSuffix(reason), "\(line)")
    let dry = try space.call("run", "-n")
    #expect(dry.code == 3 && dry.out.contains("1 delivery would be made; "), "\(dry.out)")
    let json = try space.call("run", "-n", "--json").events
    let announced = json.first { $0["step"] == "two.export" }
    #expect(announced?["status"] == "will-deliver" && json.last?["effects"] == 1)
    #expect(try space.call("explain", "two.export").out.contains("will deliver to "))
    // A run that may not write announces nothing, and delivers nothing.
    #expect(try space.call("run", "-n", "--cache", "ro").out.hasPrefix("nothing would run"))
    let run = try space.run()
    let delivered = run.events.first { $0["step"] == "two.export" }
    #expect(delivered?["status"] == "delivered", "\(run.out)")
    try expectCurrent(space)
  }

  private func expectCurrent(_ space: FixtureSpace) throws {
    let after = try space.call("status")
    #expect(after.code == 0 && after.out.contains("follows its input"), "\(after.out)")
    #expect(try space.call("run", "-n").out == "nothing would run; 2 steps up to date\n")
  }

  @Test func aDeliveryOfAStepThatWouldRunCounts() throws {
    let space = try FixtureSpace(Self.export("data"))
    let dry = try space.call("run", "-n")
    #expect(dry.code == 3)
    #expect(dry.out.contains("1 delivery would be made; 2 steps would run"), "\(dry.out)")
    #expect(try space.call("run", "-n", "--json").events.last?["effects"] == 1)
    #expect(try space.call("run", "-n", "--cache", "ro", "--json").events.last?["effects"] == 0)
  }

  @Test func aDamagedRecordIsNotPassedOverInSilence() throws {
    let space = try FixtureSpace([["name": "one.a", "script": "echo a > $out"]])
    try #require(try space.run().code == 0)
    try TestFiles.write(
      Array("{".utf8),
      to: space.store + "/.atelier/runs/20260101T000000.000-0123456789ab.json")
    let listed = try space.call("list", "runs")
    #expect(listed.code == 0 && listed.err.contains("1 run record cannot be read"), "\(listed.err)")
    #expect(listed.out.contains(" ok "))
  }

  @Test func aDeliveryIsForeseen_F16() throws {
    let space = try FixtureSpace(Self.export("data"))
    try #require(try space.run().code == 0)
    try expectCurrent(space)
    let place = space.store + "/bucket/exports/data"
    func newest() throws -> String {
      try #require(FileManager.default.contentsOfDirectory(atPath: place).max())
    }
    try FileManager.default.removeItem(atPath: "\(place)/\(newest())")
    try expectDelivery(space, "there is no export yet")
    let file = try #require(TestFiles.list("\(place)/\(newest())").first)
    let path = try "\(place)/\(newest())/\(file)"
    try FileManager.default.removeItem(atPath: path)
    try TestFiles.write(Array("other".utf8), to: path)
    try expectDelivery(space, "holds other bytes")
    try space.setGraph(Self.export("renamed"))
    try expectDelivery(space, "there is no export yet")
  }

  @Test func aFailedDeliveryIsStillDue_F16() throws {
    let space = try FixtureSpace(Self.export("data"))
    let place = space.store + "/bucket/exports/data"
    try TestFiles.write([1], to: place)
    #expect(try space.run().code == 1)
    #expect(try space.call("status").code == 3)
    try FileManager.default.removeItem(atPath: place)
    let status = try space.call("status")
    #expect(status.code == 3 && status.out.contains("will deliver"), "\(status.out)")
    try #require(try space.run().code == 0)
    try expectCurrent(space)
  }

  @Test func whatARunRefusesADryRunRefuses_F18_G7() throws {
    let space = try FixtureSpace([
      ["name": "one.in", "source": "in.txt"],
      ["name": "one.copy", "inputs": ["one.in"], "tools": ["cat"], "script": "cat $one_in > $out"],
    ])
    func expectRefused(_ words: String) throws {
      let run = try space.call("run")
      let dry = try space.call("run", "-n")
      #expect(run.code == 2 && run.err.contains(words), "\(run.err)")
      #expect(dry.code == 2 && dry.err == run.err && dry.out.isEmpty, "\(dry.err)\(dry.out)")
      let status = try space.call("status")
      #expect(status.code == 3 && status.out.contains("BROKEN"), "\(status.out)")
    }
    try expectRefused("expected a file at \(space.folder("in.txt")), found none")
    try space.folder.write("", to: "in.txt")
    try expectRefused("\(space.folder("in.txt")) is empty; expected content")
    try space.folder.write("words", to: "in.txt")
    #expect(try space.call("run", "-n").out.contains("1 step would run"))
    try space.setGraph([["name": "one.a", "program": "nowhere", "script": "true"]])
    try expectRefused("'nowhere' is missing")
  }

  @Test(arguments: ["off", "ro"])
  func aResultThatWasNotKeptIsSaid_F20(_ mode: String) throws {
    // Two steps of the same work: the second one is a hit of the first.
    let space = try FixtureSpace([
      ["name": "one.a", "script": "echo same > $out"],
      ["name": "one.twin", "script": "echo same > $out"],
    ])
    let run = try space.run("--cache", mode)
    #expect(Set(run.statuses.values) == ["built", "hit"], "\(run.out)")
    for name in ["one.a", "one.twin"] {
      let said = try space.call("explain", name).out
      #expect(
        said.contains("the last run was told to keep nothing (--cache)")
          || said == "one.twin: blocked by one.a\n", "\(said)")
    }
    let twin = try space.call("explain", "one.twin", "--json").events.first
    #expect(twin?["waitsFor"] == ["one.a"] || twin?["cause"] == "notCached", "\(twin ?? .null)")
    #expect(try space.call("run", "-n", "--json").events.last?["due"] == 2)
  }

  @Test func anInputThatMovedIsSaid_F20() throws {
    let space = try FixtureSpace([
      ["name": "one.in", "source": "in.txt"],
      [
        "name": "one.slow", "inputs": ["one.in"], "tools": ["sleep", "cat"],
        "script": "sleep 1000; cat $one_in > $out",
      ],
    ])
    try space.folder.write("words", to: "in.txt")
    let running = try space.start(["run", "--json"])
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    try space.folder.write("other", to: "in.txt")
    try space.folder.write("words", to: "in.txt")
    try ProcessTable.endSleep(of: 1000, in: space.folder.path)
    #expect(try running.wait().step("one.slow")?["cached"] == false)
    #expect(
      try space.call("explain", "one.slow").out.contains("an input moved while it ran last time"))
  }

  @Test func anInputThatIsWiredNoMoreIsNamedWhileAStepWaits_F21() throws {
    func graph(_ word: String, _ inputs: [JSONValue]) -> [JSONValue] {
      [
        ["name": "one.a", "script": .string("echo \(word) > $out")],
        ["name": "one.b", "script": "echo b > $out"],
        [
          "name": "two.c", "inputs": .array(inputs), "tools": ["cat"],
          "script": "cat $one_a > $out",
        ],
      ]
    }
    let space = try FixtureSpace(graph("a", ["one.a", "one.b"]))
    try #require(try space.run().code == 0)
    try space.setGraph(graph("other", ["one.a"]))
    let said = try space.call("explain", "two.c").out
    #expect(said.hasPrefix("two.c: blocked by one.a\n"), "\(said)")
    #expect(said.contains("inputs.invocation.inputs.one_b"), "\(said)")
    #expect(!said.contains("inputs.invocation.inputs.one_a"), "\(said)")
    let dry = try space.call("run", "-n").out
    #expect(dry.contains(#/two\.c .*blocked +by one\.a; .*one_b/#), "\(dry)")
  }
}
