// What cannot change the bytes runs nothing; what can does, however well it hides.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

extension ConformanceTests {
  @Suite struct Noise {
    private static func graph(_ source: String) -> [JSONValue] {
      [
        ["name": "one.in", "source": .string(source)],
        [
          "name": "one.copy", "inputs": ["one.in"], "tools": ["cat"],
          "environment": ["LEVEL": "3", "MODE": "fast"],
          "script": "cat $one_in > $out; echo $LEVEL $MODE >> $out",
        ],
        ["name": "two.last", "inputs": ["one.copy"], "script": "echo last > $out"],
      ]
    }

    /// Keys and digests of a run by step.
    private func identities(_ run: EndedProgram) -> [String: [String?]] {
      run.events.filter { $0["event"] == "step" }.reduce(into: [:]) { identities, event in
        if let name = event["step"]?.string {
          identities[name] = [
            event["key"]?.string, event["outputs"]?["out"]?["digest"]?.string,
          ]
        }
      }
    }

    @Test("sagemaker-python-sdk#2736: times, places, users, machines and layout run nothing")
    func timesPlacesUsersAndLayoutRunNothing() throws {
      let space = try FixtureSpace(Self.graph("in.txt"))
      try space.folder.write("words\n", to: "in.txt")
      let before = try space.run()
      #expect(before.statuses == ["one.copy": "built", "two.last": "built"], "\(before.err)")

      func expectHits(_ run: EndedProgram, _ noise: String) {
        #expect(run.statuses == ["one.copy": "hit", "two.last": "hit"], "\(noise): \(run.err)")
        #expect(identities(run) == identities(before), "\(noise)")
      }
      let file = space.folder("in.txt")
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: file)
      expectHits(try space.run(), "another time")
      try FileManager.default.removeItem(atPath: file)
      try space.folder.write("words\n", to: "in.txt")
      expectHits(try space.run(), "another inode")
      try FileManager.default.moveItem(atPath: file, toPath: space.folder("renamed.txt"))
      try space.setGraph(Self.graph("renamed.txt"))
      expectHits(try space.run(), "another name")
      try space.setGraph(
        [["name": "one.also", "source": "renamed.txt"]] + Self.graph("renamed.txt"))
      expectHits(try space.run("--jobs", "1", "--verbose"), "options, and a source more")
      try space.folder.write(
        "; a comment\n[Fixture]\n# another\nunused = 3\n[Elsewhere]\nkey = value\n",
        to: "Workshops/Fixture/config.ini")
      expectHits(try space.run(), "values that no step reads, and comments")
      expectHits(
        try space.run(environment: [
          "USER": "somebody-else", "HOME": "/nonexistent", "TZ": "Asia/Kathmandu",
          "LC_ALL": "tr_TR.UTF-8", "SOURCE_DATE_EPOCH": "86400", "LEVEL": "9",
        ]), "another user, time zone and locale")
      try FileManager.default.removeItem(atPath: space.store + "/.atelier/index.sqlite")
      expectHits(try space.run(), "no index")

      // Another folder with a copy of the store.
      let moved = try FixtureSpace(Self.graph("in.txt"))
      try moved.folder.write("words\n", to: "in.txt")
      try FileManager.default.copyItem(atPath: space.store, toPath: moved.store)
      expectHits(try moved.run(), "another folder")
    }

    @Test("The key holds the bytes, not the address: same name, size and time, other bytes")
    func otherBytesOfTheSameNameSizeAndTimeAreSeen() throws {
      let space = try FixtureSpace(Self.graph("in.txt"))
      let file = try space.folder.write("words\n", to: "in.txt")
      _ = try space.run()
      // Twice, so that whatever may be remembered is.
      _ = try space.run()
      let time = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate]
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
      try handle.write(contentsOf: Data("Words\n".utf8))
      try handle.close()
      try FileManager.default.setAttributes([.modificationDate: time as Any], ofItemAtPath: file)
      let run = try space.run()
      #expect(run.statuses["one.copy"] == "built", "\(run.err)")
      #expect(try space.text(of: "one.copy", in: run) == "Words\n3 fast\n")
    }

    @Test(
      "dvc#9913: a removed or renamed parameter runs its step, which is told",
      arguments: [
        (["LEVEL": "3"], ["MODE"]), (["LEVEL": "3", "SPEED": "fast"], ["MODE", "SPEED"]),
        (["LEVEL": "3", "MODE": ""], ["MODE"]),
        (["LEVEL": "fast", "MODE": "3"], ["LEVEL", "MODE"]),
      ] as [([String: String], [String])])
    func aRemovedOrRenamedParameterRunsItsStep(
      _ parameters: [String: String], _ changed: [String]
    ) throws {
      let space = try FixtureSpace(Self.graph("in.txt"))
      try space.folder.write("words\n", to: "in.txt")
      _ = try space.run()
      var nodes = Self.graph("in.txt")
      nodes[1] = .object(
        (nodes[1].object ?? [:]).merging([
          "environment": .object(parameters.mapValues { .string($0) })
        ]) { $1 })
      try space.setGraph(nodes)
      let run = try space.run()
      #expect(run.statuses["one.copy"] == "built", "\(run.err)")
      let reasons = run.step("one.copy")?["reasons"]?.array ?? []
      #expect(
        reasons.compactMap { $0["field"]?.string }
          == changed.map { "parameters.invocation.environment.\($0)" })
      let old = ["LEVEL": "3", "MODE": "fast"]
      for (reason, name) in zip(reasons, changed) {
        #expect(reason["old"]?.string == old[name])
        #expect(reason["new"]?.string == parameters[name])
      }
      try space.setGraph(Self.graph("in.txt"))
      #expect(try space.run().statuses == ["one.copy": "hit", "two.last": "hit"])
    }
  }
}
