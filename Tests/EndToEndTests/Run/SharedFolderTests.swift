// A store in a folder that machines share, without any cluster: what one makes the others have.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct SharedFolderTests {
  private let space: FixtureSpace
  private let shared: String

  init() throws {
    space = try FixtureSpace([
      ["name": "one.a", "script": "echo a > $out"],
      ["name": "one.b", "inputs": ["one.a"], "tools": ["cat"], "script": "cat $one_a > $out"],
      [
        "name": "one.tree", "makesTree": true, "tools": ["mkdir"],
        "script": "mkdir $out/in; echo 1 > $out/in/x; echo 2 > $out/y",
      ],
    ])
    shared = space.folder("shared")
    try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: true)
  }

  private func call(_ machine: String, _ words: String...) throws -> EndedProgram {
    try space.start(
      words + [
        "--set", "Atelier.root=\(space.folder(machine))", "--set", "Atelier.shared=\(shared)",
      ]
    ).wait()
  }

  @Test func whatOneMachineMakesTheOtherHas() throws {
    let first = try call("a", "run", "--json")
    #expect(Set(first.statuses.values) == ["built"], "\(first.err)")
    let second = try call("b", "run", "--json")
    #expect(Set(second.statuses.values) == ["hit"], "\(second.out)\(second.err)")
    let pulled = try call("b", "store", "pull")
    #expect(pulled.code == 0, "\(pulled.err)")
    let text = try space.text(of: "one.b", in: second, store: space.folder("b"))
    #expect(text == "a\n")
    #expect(try call("b", "store", "fsck", "--remote").code == 0)
    let collected = try call("a", "store", "gc", "--remote")
    #expect(collected.code == 0, "\(collected.err)")
  }

  @Test func damageInTheFolderIsNeverUsed() throws {
    let first = try call("a", "run", "--json")
    let digest = try first.digest(of: "one.a")
    let blob = space.blob(digest, store: shared)
    try FileManager.default.removeItem(atPath: blob)
    try TestFiles.write(Array("x\n".utf8), to: blob)
    try space.setGraph([
      ["name": "one.a", "script": "echo a > $out"],
      [
        "name": "one.c", "inputs": ["one.a"], "tools": ["cat"],
        "script": "cat $one_a $one_a > $out",
      ],
    ])
    let second = try call("b", "run", "--json")
    #expect(second.code == 0, "\(second.out)\(second.err)")
    #expect(try space.text(of: "one.c", in: second, store: space.folder("b")) == "a\na\n")
  }

  @Test(
    "settings that do not fit are named",
    arguments: [
      ("relative/folder", "absolute"), ("STORE", "[Atelier] root"), ("FILE", "is no folder"),
    ])
  func badFolders(_ folder: String, _ said: String) throws {
    try TestFiles.write([], to: space.folder("file"))
    let value =
      folder == "STORE" ? space.store : folder == "FILE" ? space.folder("file") : folder
    let ended = try space.start(["run", "--set", "Atelier.shared=\(value)", "--require-remote"])
      .wait()
    #expect(ended.code == 2 || ended.code == 5, "\(ended.code) \(ended.err)")
    #expect(ended.err.contains(said), "\(ended.err)")
  }

  @Test func aClusterNeedsAFolder() throws {
    let ended = try space.start(["run", "--engine", "slurm"]).wait()
    #expect(ended.code == 2)
    #expect(ended.err.contains("[Atelier] shared"), "\(ended.err)")
    let wrong = try space.start(["run", "--engine", "slrum"]).wait()
    #expect(wrong.code == 2 && wrong.err.contains("slurm"), "\(wrong.err)")
    let kept = try space.start(
      ["run", "--engine", "slurm", "--cache", "off", "--set", "Atelier.shared=\(shared)"]
    ).wait()
    #expect(kept.code == 2 && kept.err.contains("--cache off"), "\(kept.err)")
  }
}
