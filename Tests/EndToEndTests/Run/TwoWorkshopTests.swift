// Two workshops in one program and one store: commands say which one they mean, and neither disturbs
// the other.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct TwoWorkshopTests {
  private let space: FixtureSpace

  init() throws {
    space = try FixtureSpace([["name": "one.a", "script": "echo a > $out"]])
    try space.folder.write("[Other]\nword = bye\n", to: "Workshops/Other/config.ini")
  }

  private func names(_ words: String..., field: String) throws -> [String?] {
    let ended = try space.start(words + ["--json"]).wait()
    #expect(ended.code == 0, "\(words): \(ended.err)")
    return ended.events.map { $0[field]?.string }
  }

  @Test func bothAreListedWithTheirStages() throws {
    #expect(try names("list", "workshops", field: "workshop") == ["fixture", "other"])
    let stages = try space.call("list", "stages").out.split(separator: "\n").map {
      $0.split(separator: " ").prefix(2).joined(separator: "/")
    }
    #expect(stages == ["fixture/one", "fixture/two", "other/one", "other/last"])
  }

  @Test func aRunOfOneLeavesTheOtherDue() throws {
    let first = try space.run("other")
    #expect(first.code == 0, "\(first.err)")
    #expect(first.statuses == ["one.word": "built", "last.rows": "built"])
    let due = try space.call("status", "fixture", "--json")
    #expect(due.code == 3)
    #expect(due.events.map { $0["step"]?.string } == ["one.a"])
    #expect(try space.call("status", "other").code == 0)

    #expect(try space.run("fixture").statuses == ["one.a": "built"])
    #expect(try space.run("other").statuses == ["one.word": "hit", "last.rows": "hit"])
    #expect(try space.run("fixture").statuses == ["one.a": "hit"])
    #expect(try names("list", "runs", field: "workshop") == ["fixture", "other"])
  }

  /// Without a name the first one is meant; a stage that both have is that of the named one.
  @Test func aStageOfTheSameNameIsToldApart() throws {
    #expect(try space.run("one").statuses == ["one.a": "built"])
    #expect(try space.run("other/one").statuses == ["one.word": "built"])
    #expect(try space.run("other/last").statuses == ["one.word": "hit", "last.rows": "built"])
    let unknown = try space.run("fixture/last")
    #expect(unknown.code == 2, "\(unknown.out)")
  }

  @Test func eachReadsItsOwnConfiguration() throws {
    #expect(try space.call("config", "get", "Other.word", "-w", "other").out == "bye\n")
    let run = try space.run("other")
    #expect(
      try TestFiles.text(space.blob(run.digest(of: "last.rows", output: "rows"))) == "word\nbye\n")
    try space.folder.write("[Other]\nword = again\n", to: "Workshops/Other/config.ini")
    let explained = try space.call("explain", "other/last", "--json").events
    #expect(explained.map { $0["status"]?.string } == ["will-run", "will-run"])
    #expect(try space.run("fixture").statuses == ["one.a": "built"])
    #expect(
      try space.run("other").statuses == ["one.word": "built", "last.rows": "built"])
    let shown = try space.call("show", "other/last.rows", "--format", "csv")
    #expect(shown.out == "word\nagain\n", "\(shown.err)")
  }
}
