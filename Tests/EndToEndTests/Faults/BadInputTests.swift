// Mistakes in what a user gives: a clear message, exit code 2, and nothing written.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct BadInputTests {
  private static let nodes: [JSONValue] = [
    ["name": "one.words", "source": "words.txt"],
    [
      "name": "one.copy", "inputs": ["one.words"], "tools": ["cat"],
      "script": "cat $one_words > $out",
    ],
    ["name": "two.upper", "inputs": ["one.copy"], "script": "echo upper > $out"],
  ]

  private func space(config: String = "") throws -> FixtureSpace {
    let space = try FixtureSpace(Self.nodes, config: config)
    try space.folder.write("words\n", to: "words.txt")
    return space
  }

  /// Exit code 2, the words in the message, and no store.
  private func expectRefused(
    _ ended: EndedProgram, _ words: [String], _ space: FixtureSpace
  ) {
    #expect(ended.code == 2, "\(ended.out)\(ended.err)")
    #expect(ended.out.isEmpty)
    for word in words { #expect(ended.err.contains(word), "'\(word)' in: \(ended.err)") }
    #expect(!FileManager.default.fileExists(atPath: space.store))
  }

  @Test(arguments: [
    (["run", "two.uper"], ["no", "two.uper", "two.upper"]),
    (["run", "fist"], ["fist", "Did you mean 'first'?"]),
    (["run", "fixtur/one"], ["there is no workshop 'fixtur'", "'fixture'"]),
    (["run", "--jobs", "0"], ["--jobs takes a whole number from 1", "'0'"]),
    (["run", "--jobs", "many"], ["--jobs", "'many'"]),
    (["run", "--job", "2"], ["unknown option '--job'", "Did you mean '--jobs'?"]),
    (["run", "--cache", "rww"], ["--cache takes rw, ro, off", "'rw'"]),
    (["check", "fist"], ["there is no workshop 'fist'"]),
    (["watch", "two.upper"], ["there is no workshop 'two.upper'"]),
    (["serve", "fixtur"], ["there is no workshop 'fixtur'", "Did you mean 'fixture'?"]),
    (["rum"], ["unknown command 'rum'", "Did you mean 'run'?"]),
    (["run", "--set", "Atelier.jobs=abc"], ["Atelier.jobs", "abc"]),
    (["run", "--set", "Atelier.job=1"], ["--set Atelier.job: no such key", "Atelier.jobs"]),
    (["run", "--set", "jobs=1"], ["'jobs=1' is not of the form Section.key=value"]),
    (["run", "--set", "Fixture.graph=none.json"], ["none.json"]),
    (["run", "--config", "nowhere.ini"], ["cannot read", "nowhere.ini"]),
  ])
  func aWrongWord(_ words: [String], _ expected: [String]) throws {
    let space = try space()
    expectRefused(try space.start(words).wait(), expected, space)
  }

  @Test(arguments: [
    ("[Fixtures]\nunused = 1\n", ["Workshops/Fixture/config.ini:1", "Fixtures", "[Fixture]"]),
    ("[Fixture]\nunusde = 1\n", ["config.ini:2", "unusde", "'unused'"]),
    ("# fine\n[Fixture\nunused = 1\n", ["config.ini:2"]),
    ("unused = 1\n", ["config.ini:1"]),
    ("[Fixture]\nunused = 1\nunused = 2\n", ["config.ini:3", "unused"]),
    ("[Atelier]\njobs = some\n", ["config.ini:2", "Atelier.jobs", "'some'"]),
  ])
  func aWrongConfiguration(_ config: String, _ expected: [String]) throws {
    let space = try space(config: config)
    expectRefused(try space.run(), expected, space)
  }

  @Test func aVariableThatNobodyReads() throws {
    let space = try space()
    let ended = try space.run(environment: ["ATELIER_FIXTURE_UNUSDE": "1"])
    expectRefused(ended, ["ATELIER_FIXTURE_UNUSDE", "ATELIER_FIXTURE_UNUSED"], space)
  }

  @Test func aSourceThatIsAbsentEmptyOrAFolder() throws {
    let space = try space()
    let source = space.folder("words.txt")
    try FileManager.default.removeItem(atPath: source)
    expectRefused(try space.run(), ["one.words", "expected a file at \(source)"], space)
    try FileManager.default.createDirectory(
      atPath: source, withIntermediateDirectories: false)
    expectRefused(try space.run(), ["one.words", "expected a file at \(source)"], space)
    try FileManager.default.removeItem(atPath: source)
    try space.folder.write("", to: "words.txt")
    expectRefused(try space.run(), ["one.words", "\(source) is empty"], space)
  }

  @Test(.enabled(if: geteuid() != 0, "root reads every file"))
  func aSourceThatCannotBeRead() throws {
    let space = try space()
    chmod(space.folder("words.txt"), 0)
    expectRefused(try space.run(), ["one.words", "Permission denied"], space)
  }

  @Test func aMissingProgram() throws {
    let space = try space()
    expectRefused(
      try space.run(environment: ["ATELIER_SH": "/nonexistent/sh"]),
      ["sh", "$ATELIER_SH = /nonexistent/sh", "Correct the variable"], space)
    expectRefused(
      try space.run(environment: ["PATH": "/nonexistent"]),
      ["/nonexistent/", "Install it, or set ATELIER_"], space)
  }

  @Test func aStoreThatIsAFile() throws {
    let space = try space()
    try space.folder.write("mine", to: "store")
    let ended = try space.run()
    #expect(ended.code == 2)
    #expect(ended.err.contains(space.store) && ended.err.contains("folder"), "\(ended.err)")
    #expect(try TestFiles.text(space.store) == "mine")
  }

  @Test func aStoreThatNobodyMayWrite() throws {
    let space = try space()
    try FileManager.default.createDirectory(
      atPath: space.store, withIntermediateDirectories: false)
    chmod(space.store, 0o555)
    defer { chmod(space.store, 0o755) }
    let ended = try space.run()
    #expect(ended.code == 5)
    #expect(ended.err.contains(space.store) && ended.err.contains("writ"), "\(ended.err)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: space.store).isEmpty)
  }
}
