// Inputs that change while a step reads them: the result is for the user, never for the cache.
import AtelierTesting
import Content
import EndToEndHarness
import Testing

extension ConformanceTests {
  @Suite struct EditedInputs {
    /// A run whose step sleeps until something is done.
    private func run(
      _ space: FixtureSpace, meanwhile act: () throws -> Void = {}
    ) throws -> EndedProgram {
      let running = try space.start(["run", "--json"])
      try ProcessTable.wait(for: "sleep", in: space.folder.path)
      try act()
      try ProcessTable.endSleep(of: 1000, in: space.folder.path)
      return try running.wait()
    }

    /// Runs while `name` is replaced under a step that sleeps; then reads the three runs after.
    ///
    /// `sleeps`: whether the step also does with the new text.
    private func edit(
      _ name: String, to text: String, in space: FixtureSpace, sleeps: Bool = true
    ) throws {
      let before = try TestFiles.text(space.folder(name))
      let first = try run(space) { try space.folder.write(text, to: name) }
      #expect(first.code == 0, "\(first.err)")
      let step = first.step("one.copy")
      #expect(step?["status"] == "built")
      #expect(step?["cached"] == false)
      let warnings = (step?["warnings"]?.array ?? []).compactMap(\.string)
      #expect(warnings.contains { $0.contains("not cached") && $0.contains(name) }, "\(warnings)")

      let second = sleeps ? try run(space) : try space.run()
      #expect(second.statuses == ["one.copy": "built"])
      #expect(second.step("one.copy")?["cached"] == nil)
      let third = try space.run()
      #expect(third.statuses == ["one.copy": "hit"])
      #expect(try third.digest(of: "one.copy") == second.digest(of: "one.copy"))

      // The old content has no result either: the first run must not have left one.
      try space.folder.write(before, to: name)
      #expect(try run(space).statuses == ["one.copy": "built"])
    }

    @Test("dvc#11058: an input edited while the step runs is not recorded as used")
    func aSourceEditedWhileItsStepRuns() throws {
      let space = try FixtureSpace([
        ["name": "one.words", "source": "words.txt"],
        [
          "name": "one.copy", "inputs": ["one.words"], "tools": ["cat", "sleep"],
          "script": "sleep 1000; cat $one_words > $out",
        ],
      ])
      try space.folder.write("old\n", to: "words.txt")
      try edit("words.txt", to: "newer\n", in: space)
      try space.folder.write("newer\n", to: "words.txt")
      let last = try space.run()
      #expect(last.statuses == ["one.copy": "hit"])
      #expect(try space.text(of: "one.copy", in: last) == "newer\n")
    }

    @Test("dvc#11058: nor is a script that is edited while it runs")
    func aScriptEditedWhileItRuns() throws {
      let space = try FixtureSpace([
        ["name": "one.script", "source": "copy.sh"],
        ["name": "one.copy", "scriptFrom": "one.script", "tools": ["sleep"]],
      ])
      try space.folder.write("sleep 1000\necho old > $out\n", to: "copy.sh")
      try edit("copy.sh", to: "echo new > $out\n", in: space, sleeps: false)
      try space.folder.write("echo new > $out\n", to: "copy.sh")
      let last = try space.run()
      #expect(last.statuses == ["one.copy": "hit"])
      #expect(try space.text(of: "one.copy", in: last) == "new\n")
    }
  }
}
