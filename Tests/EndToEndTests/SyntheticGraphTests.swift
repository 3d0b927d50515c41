// The graphs that `make bench` runs are graphs: cold all steps run, then none, and none going back.
import AtelierTesting
import Foundation
import Testing

@Suite struct SyntheticGraphTests {
  /// A project of atelier-bench and a store of its own; the settings are its config.ini.
  private struct Project {
    let folder: TemporaryFolder

    init(_ settings: String) throws {
      folder = try TemporaryFolder()
      try folder.write("", to: "Package.swift")
      try folder.write(
        "[Bench]\n\(settings)\n[Atelier]\nroot = \(folder("store"))\n",
        to: "Workshops/Synthetic/config.ini")
    }

    func run(_ words: String...) throws -> EndedProgram {
      let ended = try RunningProgram(
        TestPrograms.bench, ["run", "--json", "--project", folder.path] + words, environment: [:],
        captures: folder
      ).wait()
      guard ended.code == 0 else { throw ProgramError("exit code \(ended.code):\n\(ended.err)") }
      return ended
    }

    /// How many steps a run built and how many it found.
    func counts(_ words: String...) throws -> [Int64?] {
      let ended = try run("--set", words.first ?? "Bench.value=1")
      return ["built", "hits"].map { ended.events.last?[$0]?.integer }
    }
  }

  @Test(arguments: [
    ("shape = chain\nisolation = in-process", Int64(50)), ("shape = chain", 50),
    ("shape = fan\nisolation = in-process", 51), ("shape = fan-in\nisolation = in-process", 51),
    ("shape = layers\nwidth = 7\nisolation = in-process", 50),
  ])
  func coldThenNothingThenBack(settings: String, count: Int64) throws {
    let project = try Project("steps = 50\n\(settings)")
    #expect(try project.counts() == [count, 0])
    #expect(try project.counts() == [0, count])
    let changed = try #require(try project.counts("Bench.value=2").first ?? nil)
    // Another value of the first step reaches what uses it: of a fan-in that is the last step only.
    #expect(changed == (settings.contains("fan-in") ? 2 : settings.contains("layers") ? 29 : count))
    #expect(try project.counts("Bench.value=1") == [0, count])
    #expect(try project.counts("Bench.label=other") == [1, count - 1])
  }

  @Test func outputsHaveTheirSizeAndFollowTheirInputs() throws {
    let project = try Project("steps = 3\nbytes = 1001\nisolation = in-process")
    let first = try project.run("--set", "Bench.value=1")
    let second = try project.run("--set", "Bench.value=2")
    for name in ["graph.step.0", "graph.step.2"] {
      #expect(try first.digest(of: name, output: "file") != second.digest(of: name, output: "file"))
      #expect(first.step(name)?["outputs"]?["file"]?["size"]?.integer == 1001)
    }
  }
}
