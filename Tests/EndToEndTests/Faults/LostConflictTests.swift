// A run whose result loses against another machine's publishes nothing that was made of it (B15).
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import S3
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct LostConflictTests {
  @Test("B15: a run that loses a conflict publishes nothing of its own", arguments: [false, true])
  func theLoserPublishesNothing(_ isLeft: Bool) throws {
    let dataset = "d\(UInt32.random(in: .min ... .max))"
    let graph: [JSONValue] = [
      // The shell's own number: no two executions share it.
      SharedProject.step("one.a", [], "echo $$ > $out; sleep 1000; true"),
      SharedProject.step("one.b", ["one.a"], "cat $one_a > $out; echo b >> $out"),
      ["name": "two.export", "deliver": "one.b", "dataset": .string(dataset)],
    ]
    // Without conditions there are no leases: both build.
    let project = try StrictProject("501", graph)
    /// A run whose first step sleeps until something is done.
    func run(
      _ machine: String, _ words: String..., meanwhile act: () throws -> Void = {}
    ) throws -> EndedProgram {
      let running = try project.start(machine, ["run", "--json"] + words)
      try ProcessTable.wait(for: "sleep", in: project.space.folder.path)
      try act()
      try ProcessTable.endSleep(of: 1000, in: project.space.folder.path)
      return try running.wait(seconds: 100)
    }
    let first = try run("a")
    try #require(first.code == 0, "\(first.err)")
    let key = try first.key(of: "one.a")
    let client = try project.client()
    let theirs = try client.get(project.resultKey(key)).bytes
    // The other machine looks before the result is there, and uploads after it.
    try client.delete(project.resultKey(key))
    try client.delete(project.resultKey(first.key(of: "one.b")))
    if isLeft {
      // Of an earlier run, whose upload did not take place.
      let made = try run("b", "one.a", "--set", "Atelier.store=local")
      try #require(made.code == 0, "\(made.err)")
      let id = try Digest.of("s3://\(project.bucket)/team/project at \(project.url)").hex.prefix(16)
      try TestFiles.write(
        [], to: "\(project.store("b"))/.atelier/remote/\(id)/pending/\(key.hex)")
      try client.put(theirs, key: project.resultKey(key))
      // What is here is not looked up there.
    }
    let second =
      isLeft
      ? try project.run("b")
      : try run("b") { try client.put(theirs, key: project.resultKey(key)) }
    #expect(second.code == 4, "\(second.out)\(second.err)")
    let last = second.events.last { $0["step"] == "one.b" }
    #expect(
      try last?["outputs"]?["out"]?["digest"]?.string == first.digest(of: "one.b").description)
    // The one export is that of the first machine.
    var listing = try project.client("bucket").list(prefix: "exports/\(dataset)/")
    let keys = try listing.all().map(\.key)
    #expect(keys.count == 1, "\(keys)")
    #expect(
      second.events.last { $0["event"] == "delivery" }?["status"] == "unchanged", "\(second.out)")
  }
}
