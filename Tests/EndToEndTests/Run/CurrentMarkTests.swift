// A run of hits answers the next from what it remembers. Whatever it rested on is moved here, each
// behind the mark's back, and the next run must see it.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct CurrentMarkTests {
  private static func graph(_ suffix: String) -> [JSONValue] {
    [
      ["name": "one.input", "source": "input.txt"],
      [
        "name": "one.copy", "script": .string("cat $one_input > $out; printf \(suffix) >> $out"),
        "inputs": ["one.input"], "tools": ["cat"],
      ],
      ["name": "two.export", "deliver": "one.copy", "dataset": "copies"],
      [
        "name": "two.last", "script": "cat $two_export > $out", "inputs": ["two.export"],
        "tools": ["cat"],
      ],
    ]
  }

  /// A project whose state is remembered.
  private func warm(_ suffix: String = "x") throws -> FixtureSpace {
    let space = try FixtureSpace(Self.graph(suffix))
    try space.folder.write("hello\n", to: "input.txt")
    #expect(try run(space).hasPrefix("fixture: 0 cached, 2 ran"))
    try remember(space)
    return space
  }

  /// Runs until the index is left alone: then the answer came from the mark.
  private func remember(_ space: FixtureSpace, _ words: [String] = []) throws {
    let index = "\(space.store)/.atelier/index.sqlite"
    for _ in 0..<50 {
      #expect(try run(space, words).hasPrefix("fixture: 2 cached, 0 ran"))
      try? FileManager.default.removeItem(atPath: index)
      #expect(try run(space, words).hasPrefix("fixture: 2 cached, 0 ran"))
      if !FileManager.default.fileExists(atPath: index) { return }
      Thread.sleep(forTimeInterval: 0.03)  // file times have ticks
    }
    Issue.record("the state was never remembered")
  }

  private func run(
    _ space: FixtureSpace, _ words: [String] = [], _ environment: [String: String] = [:]
  ) throws -> String {
    let ended = try space.start(["run"] + words, environment: environment).wait()
    #expect(ended.code == 0, "\(ended.err)")
    return ended.err.split(separator: "\n").last.map(String.init) ?? ""
  }

  /// Overwrites a file in place, and sets its modification time back.
  private func rewrite(_ path: String, _ text: String) throws {
    let time = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
    #expect(chmod(path, 0o644) == 0)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
    try FileManager.default.setAttributes([.modificationDate: time as Any], ofItemAtPath: path)
  }

  private func exports(_ space: FixtureSpace) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: "\(space.store)/bucket/exports/copies"
    ).sorted()
  }

  private func copy(_ space: FixtureSpace) throws -> Digest {
    try space.run("--verbose").digest(of: "one.copy")
  }

  @Test func aSourceOfTheSameSizeAndTimeIsSeen() throws {
    let space = try warm()
    try rewrite(space.folder("input.txt"), "HELLO\n")
    #expect(try run(space).hasPrefix("fixture: 0 cached, 2 ran"))
    try rewrite(space.folder("input.txt"), "hello\n")
    #expect(try run(space).hasPrefix("fixture: 2 cached, 0 ran"))
  }

  @Test func aMissingOrDamagedBlobIsMadeAgain() throws {
    let space = try warm()
    let blob = space.blob(try copy(space))
    try remember(space)
    try FileManager.default.removeItem(atPath: blob)
    #expect(try run(space).hasPrefix("fixture: 1 cached, 1 ran"))
    try remember(space)
    try rewrite(blob, "HELLO\nx")
    #expect(try run(space).hasPrefix("fixture: 1 cached, 1 ran"))
    #expect(try TestFiles.text(blob) == "hello\nx")
  }

  @Test func removedResultsAreMadeAgain() throws {
    let space = try warm()
    try FileManager.default.removeItem(atPath: "\(space.store)/.atelier/ac")
    #expect(try run(space).hasPrefix("fixture: 0 cached, 2 ran"))
  }

  @Test func publishedFilesArePutBack() throws {
    let space = try warm()
    let export = try #require(exports(space).first)
    let file = "\(space.store)/bucket/exports/copies/\(export)/part-00000"
    try FileManager.default.removeItem(atPath: file)
    _ = try run(space)
    #expect(try TestFiles.text(file) == "hello\nx")
    try remember(space)
    try rewrite(file, "HELLO\nx")
    _ = try run(space)
    #expect(try exports(space).count == 2)
    try remember(space)
    let foreign = "\(space.store)/bucket/exports/copies/exportTime=29990101000000/part-00000"
    try TestFiles.write(Array("foreign".utf8), to: foreign)
    _ = try run(space)
    #expect(try exports(space).last == "exportTime=29990101000001")
  }

  @Test func anotherGraphAndTheOldOneAgainAreTold() throws {
    let space = try warm()
    let records = { TestFiles.list("\(space.store)/.atelier/runs").count }
    try space.setGraph(Self.graph("y"))
    #expect(try run(space).hasPrefix("fixture: 0 cached, 2 ran"))
    #expect(records() == 2)
    try space.setGraph(Self.graph("x"))
    // The newest record is the other graph's, so that this one is worth a record once more.
    #expect(try run(space).hasPrefix("fixture: 2 cached, 0 ran"))
    #expect(records() == 3)
    try remember(space)
    #expect(records() == 3)
  }

  @Test func anotherProgramOnThePathIsSeen() throws {
    let space = try warm()
    let tools = try TemporaryFolder()
    try TestFiles.writeProgram(Array("#!/bin/sh\nprintf other\n".utf8), to: tools("cat"))
    let path = "\(tools.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
    let ended = try space.start(["run"], environment: ["PATH": path]).wait()
    #expect(!ended.err.contains("2 cached"), "\(ended.err)")
  }

  @Test func aDamagedMarkIsNoAnswer() throws {
    let space = try warm()
    let folder = "\(space.store)/.atelier/current"
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder).first)
    let whole = try TestFiles.read("\(folder)/\(name)")
    for position in stride(from: 0, to: whole.count, by: 23) {
      var bytes = whole
      bytes[position] ^= 0x10
      try TestFiles.write(bytes, to: "\(folder)/\(name)")
      #expect(try run(space).hasPrefix("fixture: 2 cached, 0 ran"))
    }
    for count in stride(from: 0, to: whole.count, by: 67) {
      try TestFiles.write(Array(whole.prefix(count)), to: "\(folder)/\(name)")
      #expect(try run(space).hasPrefix("fixture: 2 cached, 0 ran"))
    }
  }

  @Test func settingsTargetsAndModesAreQuestionsOfTheirOwn() throws {
    let space = try warm()
    #expect(try run(space, ["one"]).hasPrefix("fixture: 1 cached, 0 ran"))
    #expect(try run(space, ["two"]).hasPrefix("fixture: 2 cached, 0 ran"))
    #expect(try run(space, ["--cache", "off"]).hasPrefix("fixture: 0 cached, 2 ran"))
    let json = try space.run()
    #expect(json.statuses == ["one.copy": "hit", "two.last": "hit"])
    let bad = try space.call("run", "--jobs", "0")
    #expect(bad.code == 2)
    let misspelt = try space.call("run", "onee")
    #expect(misspelt.code == 2 && misspelt.err.contains("Did you mean 'one'?"))
  }
}
