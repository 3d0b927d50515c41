// A machine whose clock was in the future for a while: its record stays, runs go on after it, and gc
// keeps what is in use.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct FutureClockTests {
  @Test func aRecordOfTheFutureStopsNoRunAndNoCollection() throws {
    let space = try FixtureSpace([
      ["name": "one.words", "source": "words.txt"],
      [
        "name": "one.copy", "inputs": ["one.words"], "script": "cat $one_words > $out",
        "tools": ["cat"],
      ],
    ])
    try space.folder.write("one\n", to: "words.txt")
    #expect(try space.run().code == 0)
    let runs = space.store + "/.atelier/runs"
    let name = try #require(TestFiles.list(runs).first)
    let future = "21000101T000000.000-5d2a69f9233e"
    var record = try JSONValue(parsing: TestFiles.read("\(runs)/\(name)")).object ?? [:]
    record["id"] = .string(future)
    record["startedAt"] = "2100-01-01T00:00:00Z"
    try TestFiles.write(
      try JSONValue.object(record).canonicalBytes(), to: "\(runs)/\(future).json")

    try space.folder.write("two\n", to: "words.txt")
    let second = try space.run()
    #expect(second.statuses == ["one.copy": "built"], "\(second.err)")
    // The newest of the names is the newest run.
    let id = try #require(second.events.last?["id"]?.string)
    #expect(TestFiles.list(runs).last == id + ".json")
    let collected = try space.call("store", "gc", "--delete")
    #expect(collected.code == 0, "\(collected.err)")
    #expect(try space.run().statuses == ["one.copy": "hit"])
    #expect(try space.call("store", "fsck").code == 0)
  }
}
