// Paths that shells and programs trip over, and clocks that went back.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct OddPlaceTests {
  @Test(arguments: [
    " with spaces", "-äöü-日本-🦄", "-e\u{301}-decomposed", " 'quoted' \"twice\" $HOME `x` ;&|*?",
    "-%(name)s-100%-#;=[x]", "-\\n\\x41", "--help",
  ])
  func aWholeRunInAnOddFolder(_ ending: String) throws {
    let space = try FixtureSpace(
      [
        ["name": "one.words", "source": "in put/wörter 'a'.txt"],
        [
          "name": "one.copy", "inputs": ["one.words"], "tools": ["cat"],
          "script": "cat \"$one_words\" > \"$out\"; echo noted >&2",
        ],
        ["name": "one.script", "source": "in put/a b.sh"],
        ["name": "one.run", "scriptFrom": "one.script"],
        ["name": "two.out", "deliver": "one.copy", "dataset": "data"],
      ], ending: ending)
    try space.folder.write("words\n", to: "in put/wörter 'a'.txt")
    try space.folder.write("echo script > \"$out\"\n", to: "in put/a b.sh")
    let first = try space.run()
    #expect(first.code == 0, "\(first.err)\(first.out)")
    #expect(first.statuses == ["one.copy": "built", "one.run": "built"])
    #expect(try space.text(of: "one.copy", in: first) == "words\n")
    let again = try space.run()
    #expect(again.code == 0)
    #expect(again.statuses.values.allSatisfy { $0 == "hit" })
    let shown = try space.call("show", "one.copy", "--format", "path")
    #expect(shown.code == 0, "\(shown.err)")
    let path = String(shown.out.dropLast())
    #expect(try TestFiles.text(path) == "words\n")
    #expect(try space.call("status").code == 0)
    #expect(try space.call("log", "one.copy").out.contains("noted"))
    let part = TestFiles.list(space.store + "/bucket/exports/data").first ?? ""
    #expect(try TestFiles.text("\(space.store)/bucket/exports/data/\(part)") == "words\n")
    try space.folder.write("other\n", to: "in put/wörter 'a'.txt")
    #expect(try space.call("status").code == 3)
    #expect(try space.run().statuses == ["one.copy": "built", "one.run": "hit"])
    #expect(try space.call("verify").code == 0)
  }

  // MARK: Clocks

  private static func graph(_ word: String) -> [JSONValue] {
    [
      ["name": "one.a", "script": .string("echo \(word) > $out")],
      ["name": "two.out", "deliver": "one.a", "dataset": "data"],
    ]
  }

  /// The store holds what runs left whose clock was nine years ahead.
  @Test func aClockThatWasSetBack() throws {
    let space = try FixtureSpace(Self.graph("first"))
    #expect(try space.run().code == 0)
    let runs = space.store + "/.atelier/runs"
    let name = try #require(TestFiles.list(runs).first)
    let ahead = "20350101T000000.000" + name.dropFirst(19)
    var record = try JSONValue(parsing: TestFiles.read("\(runs)/\(name)")).object ?? [:]
    record["id"] = .string(String(ahead.dropLast(5)))
    try FileManager.default.removeItem(atPath: "\(runs)/\(name)")
    try TestFiles.write(JSONValue.object(record).canonicalBytes(), to: "\(runs)/\(ahead)")
    let data = space.store + "/bucket/exports/data"
    let export = try #require(FileManager.default.contentsOfDirectory(atPath: data).first)
    try FileManager.default.moveItem(
      atPath: "\(data)/\(export)", toPath: "\(data)/exportTime=20350101000000")

    #expect(try space.run().statuses == ["one.a": "hit"])
    try space.setGraph(Self.graph("second"))
    let second = try space.run()
    #expect(second.code == 0, "\(second.err)")
    #expect(second.step("one.a")?["against"]?.string.map { $0 >= ahead.dropLast(5) } == true)
    try space.setGraph(Self.graph("third"))
    // The newest run is the second one, whatever the clock says.
    let explained = try space.call("explain", "one.a", "--json")
    #expect(explained.out.contains("echo second"), "\(explained.out)")
    #expect(!explained.out.contains("echo first"), "\(explained.out)")
    let third = try space.run()
    let ids = [second, third].compactMap { $0.events.last?["id"]?.string }
    #expect(ids.count == 2 && ids == ids.sorted() && ids[0] > String(ahead.dropLast(5)), "\(ids)")
    #expect(third.step("one.a")?["against"]?.string == ids.first)
    // And what is delivered comes after what was.
    let newest = try #require(FileManager.default.contentsOfDirectory(atPath: data).max())
    #expect(newest > "exportTime=20350101000000")
    let part = try #require(TestFiles.list("\(data)/\(newest)").first)
    #expect(try TestFiles.text("\(data)/\(newest)/\(part)") == "third\n")
  }

  @Test func filesOfTheFutureAreReadAgain() throws {
    let space = try FixtureSpace([
      ["name": "one.words", "source": "words.txt"],
      [
        "name": "one.copy", "inputs": ["one.words"], "tools": ["cat"],
        "script": "cat $one_words > $out",
      ],
    ])
    let path = try space.folder.write("aaaa\n", to: "words.txt")
    let future = Date(timeIntervalSince1970: 2_051_222_400)
    func edit(_ text: String) throws {
      // In place, and with the time of before: only the ctime tells.
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.write(contentsOf: Data(text.utf8))
      try file.close()
      try FileManager.default.setAttributes([.modificationDate: future], ofItemAtPath: path)
    }
    for text in ["aaaa\n", "bbbb\n", "cccc\n"] {
      try edit(text)
      let run = try space.run()
      #expect(run.statuses == ["one.copy": "built"], "\(text)")
      #expect(try space.text(of: "one.copy", in: run) == text)
      #expect(try space.run().statuses == ["one.copy": "hit"])
    }
  }
}
