// A store of the first edition: what it holds is read, and none of its results is used.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct OldSchemaTests {
  /// A store as 6730eac left it.
  @Test func aStoreOfTheFirstEditionIsReadAndItsResultsAreMisses() throws {
    let space = try FixtureSpace([
      ["name": "one.words", "source": "words.txt"],
      [
        "name": "one.copy", "inputs": ["one.words"], "script": "cat $one_words > $out",
        "tools": ["cat"],
      ],
    ])
    try space.folder.write("words\n", to: "words.txt")
    let old = "\(TestTools.root)/Tests/EndToEndTests/Faults/Stores/6730eac"
    for file in TestFiles.list(old) {
      let path = file.hasPrefix("atelier/") ? "." + file : file
      try TestFiles.write(TestFiles.read("\(old)/\(file)"), to: "\(space.store)/\(path)")
    }
    let runs = try space.call("list", "runs")
    #expect(runs.code == 0 && runs.out.contains("20261128T222901.035-5d2a69f9233e"), "\(runs.err)")
    let tags = try space.call("store", "tag")
    #expect(tags.out.contains("kept"), "\(tags.out)\(tags.err)")
    let explained = try space.call("explain", "one.copy")
    #expect(explained.out.contains("key schema 1 -> 2"), "\(explained.out)\(explained.err)")
    let run = try space.call("run")
    #expect(
      run.err.contains("key schema 1 -> 2") || run.out.contains("key schema 1 -> 2"), "\(run.out)")
    #expect(try space.call("store", "fsck").code == 0)
    #expect(try space.run().statuses == ["one.copy": "hit"])
  }
}
